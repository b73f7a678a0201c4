import type { ReactNode } from "react";
import { ROLE } from "./table-roles.ts";

type TableProps = { caption: string; titles: readonly string[]; children: ReactNode };

/** A table whose lines become cards below 64rem, so that nothing has to be scrolled sideways. */
export function CardTable({ caption, titles, children }: TableProps) {
  return (
    <div className="rounded-xl border border-line bg-surface">
      <table {...ROLE.table} className="w-full text-left text-sm max-lg:block">
        <caption className="sr-only">{caption}</caption>
        <thead {...ROLE.rowgroup} className="text-ink-soft max-lg:sr-only">
          <tr {...ROLE.row} className="border-line border-b">
            {titles.map((title) => (
              <th key={title} {...ROLE.columnheader} scope="col" className="px-4 py-2.5 font-medium">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...ROLE.rowgroup} className="max-lg:block">
          {children}
        </tbody>
      </table>
    </div>
  );
}

type RowProps = { name: string; head: ReactNode; className: string; children: ReactNode };

/** One line: `head` names it, `name` finds it (`data-name`), `className` says how many columns its card has. */
export function CardRow({ name, head, className, children }: RowProps) {
  return (
    <tr
      {...ROLE.row}
      data-name={name}
      className={`border-line border-b align-top last:border-b-0 max-lg:grid max-lg:grid-cols-2 max-lg:gap-3 max-lg:p-4 ${className}`}
    >
      <th {...ROLE.rowheader} scope="row" className="col-span-full font-normal lg:max-w-64 lg:px-4 lg:py-3">
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
    <td {...ROLE.cell} className={`lg:px-4 lg:py-3 ${className}`}>
      <span aria-hidden="true" className="mb-1 block text-ink-soft text-xs lg:hidden">
        {title}
      </span>
      {children}
    </td>
  );
}
