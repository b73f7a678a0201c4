import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import { ROLE } from "./table-roles.ts";

/** A column that the lines can be sorted by: how they are now, and what pressing its head does. */
export type SortableTitle = { title: string; sorted: "ascending" | "descending" | null; press: () => void };

type TableProps = { caption: string; titles: readonly (string | SortableTitle)[]; children: ReactNode };

/** A table whose lines become cards where it has less room than 56rem, so that nothing has to be scrolled sideways. */
export function CardTable({ caption, titles, children }: TableProps) {
  return (
    <div className="@container">
      <div className="rounded-xl border border-line bg-surface">
        <table {...ROLE.table} className="w-full text-left text-sm @max-4xl:block">
          <caption className="sr-only">{caption}</caption>
          <thead {...ROLE.rowgroup} className="text-ink-soft @max-4xl:sr-only">
            <tr {...ROLE.row} className="border-line border-b">
              {titles.map((title) =>
                typeof title === "string" ? (
                  <th key={title} {...ROLE.columnheader} scope="col" className="px-4 py-2.5 font-medium">
                    {title}
                  </th>
                ) : (
                  <SortableHead key={title.title} {...title} />
                ),
              )}
            </tr>
          </thead>
          <tbody {...ROLE.rowgroup} className="@max-4xl:block">
            {children}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** Where the columns have gone, only its name is left: something else on the page has to sort then. */
function SortableHead({ title, sorted, press }: SortableTitle) {
  return (
    <th {...ROLE.columnheader} scope="col" aria-sort={sorted ?? undefined} className="px-4 py-1 font-medium">
      <span className="@4xl:hidden">{title}</span>
      <button
        type="button"
        onClick={press}
        className={`-mx-2 min-h-9 cursor-pointer items-center gap-1 whitespace-nowrap rounded px-2 font-medium hover:text-ink @max-4xl:hidden @4xl:inline-flex ${sorted === null ? "" : "text-ink"}`}
      >
        {title}
        {sorted === null ? null : <Icon name={sorted === "descending" ? "down" : "up"} className="size-3.5!" />}
      </button>
    </th>
  );
}

type RowProps = { name: string; head: ReactNode; className: string; children: ReactNode; isCurrent?: boolean };

/**
 * One line: `head` names it, `name` finds it (`data-name`), `className` says how many columns its card has, `isCurrent` that
 * the page points at it.
 */
export function CardRow({ name, head, className, children, isCurrent = false }: RowProps) {
  return (
    <tr
      {...ROLE.row}
      data-name={name}
      aria-current={isCurrent ? true : undefined}
      className={`border-line border-b align-top last:border-b-0 @max-4xl:grid @max-4xl:grid-cols-2 @max-4xl:gap-3 @max-4xl:p-4 aria-[current=true]:outline-2 aria-[current=true]:outline-accent aria-[current=true]:-outline-offset-2 ${className}`}
    >
      <th {...ROLE.rowheader} scope="row" className="col-span-full font-normal @4xl:max-w-64 @4xl:px-4 @4xl:py-3">
        {head}
      </th>
      {children}
    </tr>
  );
}

/** A cell that says its column's name where the columns have gone. */
export function CardCell({
  title,
  className = "",
  children,
}: {
  title: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <td {...ROLE.cell} className={`@4xl:px-4 @4xl:py-3 ${className}`}>
      <span aria-hidden="true" className="mb-1 block text-ink-soft text-xs @4xl:hidden">
        {title}
      </span>
      {children}
    </td>
  );
}
