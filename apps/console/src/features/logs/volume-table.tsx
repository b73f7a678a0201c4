import type { LogVolume } from "@slipway/contracts";
import { type TimeZone, timeParts } from "@slipway/ui/format-time";
import { ScrollArea } from "@slipway/ui/scroll-area";
import { useState } from "react";
import { linesOf, momentWords } from "./volume-model.ts";

/** The bars that have lines, as a table whose times lead there. */
export function VolumeTable({
  volume: { bars, stepMs },
  zone,
  onGo,
}: {
  volume: LogVolume;
  zone: TimeZone;
  onGo: (line: string) => void;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="inline-flex min-h-8 cursor-pointer items-center text-ink-soft text-xs underline underline-offset-2">
        Lines over time as a table
      </summary>
      {isOpen ? (
        <ScrollArea label="Lines over time as a table">
          <table className="w-full bg-surface text-sm">
            <caption className="sr-only">Lines over time; times without lines are left out</caption>
            <thead className="text-ink-soft text-xs">
              <tr className="border-line border-b text-right">
                <th scope="col" className="px-3 py-2 text-left font-medium">
                  From ({zone})
                </th>
                {["Lines", "Errors", "Warnings"].map((title) => (
                  <th key={title} scope="col" className="px-3 py-2 font-medium">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="tabular-nums">
              {bars.map((bar) => {
                const { atMs, error, warn, line } = bar;
                return line === null ? null : (
                  <tr key={atMs} className="border-line border-b text-right last:border-b-0">
                    <th scope="row" className="px-3 text-left font-normal">
                      <button
                        type="button"
                        onClick={() => onGo(line)}
                        className="min-h-8 cursor-pointer whitespace-nowrap text-accent underline underline-offset-2"
                      >
                        {stepMs < 3_600_000 ? `${timeParts(atMs, zone).date} ` : ""}
                        {momentWords(atMs, stepMs, zone)}
                      </button>
                    </th>
                    <td className="px-3 py-1.5">{linesOf(bar).toLocaleString("en-GB")}</td>
                    <td className="px-3 py-1.5">{error.toLocaleString("en-GB")}</td>
                    <td className="px-3 py-1.5">{warn.toLocaleString("en-GB")}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </ScrollArea>
      ) : null}
    </details>
  );
}
