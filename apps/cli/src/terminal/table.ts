/** A cell: plain text, or text with a paint that adds no width. */
export type Cell = string | { text: string; paint: (text: string) => string };
export type Column<Row> = { title: string; cell: (row: Row) => Cell; align?: "right" };

const textOf = (cell: Cell): string => (typeof cell === "string" ? cell : cell.text);

/** Rows under titles, columns two spaces apart, nothing cut off, no blanks at line ends. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  heading: (text: string) => string = (text) => text,
): string[] {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = columns.map((column, at) =>
    cells.reduce((widest, row) => Math.max(widest, textOf(row[at] ?? "").length), column.title.length),
  );
  const line = (row: readonly Cell[], paintAll: (text: string) => string) =>
    row
      .map((cell, at) => {
        const blanks = " ".repeat((widths[at] ?? 0) - textOf(cell).length);
        const painted = typeof cell === "string" ? paintAll(cell) : cell.paint(cell.text);
        return columns[at]?.align === "right" ? blanks + painted : painted + (at === row.length - 1 ? "" : blanks);
      })
      .join("  ")
      .trimEnd();
  return [
    line(
      columns.map((column) => column.title.toUpperCase()),
      heading,
    ),
    ...cells.map((row) => line(row, (text) => text)),
  ];
}
