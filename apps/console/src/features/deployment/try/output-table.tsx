import { ScrollArea } from "@slipway/ui/scroll-area";
import type { AnswerTensor } from "./answer-tensors.ts";

/** The values of one tensor of an answer, a line to each row. */
export function OutputTable({ tensor }: { tensor: AnswerTensor }) {
  const { name, about, rows, columns, left } = tensor;
  return (
    <div>
      <h3 className="mb-1 flex flex-wrap items-baseline gap-x-2">
        <span className="wrap-anywhere font-medium font-mono text-sm">{name}</span>
        <span className="text-ink-soft text-xs">{about}</span>
      </h3>
      {rows.length === 0 ? (
        <p className="text-ink-soft text-sm">It has no values.</p>
      ) : (
        <ScrollArea label={`Values of ${name}`}>
          <table className="w-full text-sm">
            <thead className="text-ink-soft text-xs">
              <tr className="border-line border-b text-right">
                <th scope="col" className="px-3 py-1.5 text-left font-medium">
                  Row
                </th>
                {Array.from({ length: columns }, (_, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
                  <th key={column} scope="col" className="px-3 py-1.5 font-medium">
                    {columns === 1 ? "Value" : column + 1}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="font-mono tabular-nums">
              {rows.map((cells, row) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
                <tr key={row} className="border-line border-b text-right last:border-b-0">
                  <th scope="row" className="px-3 py-1.5 text-left font-normal text-ink-soft">
                    {row + 1}
                  </th>
                  {cells.map((cell, column) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                    <td key={column} className="px-3 py-1.5">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
      {left === "" ? null : <p className="mt-1 text-ink-soft text-sm">And {left}; all of it is in the body below.</p>}
    </div>
  );
}
