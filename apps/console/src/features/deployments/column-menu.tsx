import { Popover } from "@slipway/ui/popover";
import { COLUMN, COLUMNS, type ColumnName } from "./columns.ts";
import type { ListQuery } from "./list-query.ts";

type Props = { query: ListQuery; choose: (next: ListQuery) => void };

/** Which columns are shown, and how much room a line has. */
export function ColumnMenu({ query, choose }: Props) {
  const shown = new Set<ColumnName>(query.columns);
  const press = (column: ColumnName) => {
    const next = new Set(shown);
    if (!next.delete(column)) next.add(column);
    choose({ ...query, columns: COLUMNS.filter((name) => next.has(name)) });
  };
  return (
    <Popover word="Columns" icon="columns">
      {() => (
        <>
          <ul>
            {COLUMNS.map((column) => (
              <li key={column}>
                <label className="flex min-h-8 cursor-pointer items-center gap-2 rounded-md px-2 hover:bg-hover">
                  <input
                    type="checkbox"
                    checked={shown.has(column)}
                    onChange={() => press(column)}
                    className="size-4"
                  />
                  {COLUMN[column].title}
                </label>
              </li>
            ))}
          </ul>
          <label className="mt-1 flex min-h-9 cursor-pointer items-center gap-2 border-line border-t px-2 pt-1">
            <input
              type="checkbox"
              checked={query.density === "compact"}
              onChange={({ target }) => choose({ ...query, density: target.checked ? "compact" : "comfortable" })}
              className="size-4"
            />
            Compact lines
          </label>
        </>
      )}
    </Popover>
  );
}
