import { type ExplainView, formatMemory } from "@slipway/contracts";
import { type Cell, renderTable } from "./table.ts";
import type { Colours, Terminal } from "./terminal.ts";

type Verdict = ExplainView["servers"][number]["verdict"];

/** Prints what each server and each of its replicas says to a model; nothing when there is none. */
export function printVerdicts(terminal: Terminal, servers: ExplainView["servers"]): void {
  if (servers.length === 0) return;
  const rows = servers.flatMap(({ replicas, ...server }) => [
    { where: server.server, verdict: server.verdict, free: "", reason: server.reason },
    ...replicas.map((one) => ({
      where: `  replica ${one.replica}`,
      verdict: one.verdict,
      free: formatMemory(one.freeBytes),
      reason: one.reason,
    })),
  ]);
  terminal.print("");
  const lines = renderTable(
    [
      { title: "Server", cell: (row) => row.where },
      { title: "Verdict", cell: (row) => verdictCell(row.verdict, terminal.colours) },
      { title: "Free", cell: (row) => row.free, align: "right" },
      { title: "Why", cell: (row) => row.reason },
    ],
    rows,
    terminal.colours.dim,
  );
  for (const line of lines) terminal.print(line);
}

function verdictCell(verdict: Verdict, colours: Colours): Cell {
  switch (verdict) {
    case "chosen":
      return { text: "holds it", paint: colours.green };
    case "possible":
      return { text: "could hold it", paint: colours.cyan };
    case "rejected":
      return { text: "cannot", paint: colours.yellow };
    default:
      return verdict satisfies never;
  }
}
