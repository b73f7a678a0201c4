import { formatMemory, type ModelVersionView, originWords, shapeWords, type TensorSignature } from "@slipway/contracts";
import { renderTable } from "../terminal/table.ts";
import { relativeTime } from "../terminal/words.ts";
import type { CommandContext } from "./context.ts";

/** One version of a registered model for a person to read. */
export function showVersion({ terminal, clock }: CommandContext, view: ModelVersionView): void {
  const facts: [string, string][] = [
    ["Model", `${view.model}, version ${view.version}`],
    ["Aliases", view.aliases.join(", ") || "none"],
    ["File", `${view.filename}, ${formatMemory(view.sizeBytes)}`],
    ["SHA-256", view.sha256],
    ["Created", `${relativeTime(view.createdAt, clock.now())} by ${view.createdBy}`],
    ["Deployed in", view.deployedIn.map(({ name }) => name).join(", ") || "nothing"],
    ...(view.description === "" ? [] : ([["About", view.description]] satisfies [string, string][])),
  ];
  const widest = Math.max(...facts.map(([term]) => term.length));
  for (const [term, words] of facts) terminal.print(`${terminal.colours.dim(term.padEnd(widest))}  ${words}`);
  const tensors = [
    ...(view.signature?.inputs ?? []).map((tensor) => ({ way: "input", ...tensor })),
    ...(view.signature?.outputs ?? []).map((tensor) => ({ way: "output", ...tensor })),
  ];
  terminal.print("");
  const columns = [
    { title: "", cell: ({ way }: { way: string }) => way },
    { title: "Name", cell: ({ name }: TensorSignature) => name },
    { title: "Datatype", cell: ({ datatype }: TensorSignature) => datatype },
    {
      title: "Shape",
      cell: ({ shape }: TensorSignature) => shapeWords(shape),
    },
  ];
  for (const line of renderTable<TensorSignature & { way: string }>(columns, tensors, terminal.colours.dim))
    terminal.print(line);
  if (view.sample === null) return;
  terminal.print("");
  terminal.print(`${terminal.colours.dim(`Sample, ${originWords(view.sample.origin)}`)}`);
  terminal.print(JSON.stringify(view.sample.request));
}
