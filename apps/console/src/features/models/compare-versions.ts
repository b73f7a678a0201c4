import type { ModelVersionView, TensorSignature } from "@slipway/contracts";
import { formatMemory } from "@slipway/contracts/format-memory";
import { shapeWords } from "@slipway/contracts/model-words";

/** One thing of two versions, in words; empty where one of them has none. */
export type ComparedLine = { what: string; one: string; other: string; isSame: boolean };

/** Two versions side by side: first what they take and give, tensor by tensor, then the rest. */
export function compareVersions(one: ModelVersionView, other: ModelVersionView): ComparedLine[] {
  const line = (what: string, read: (of: ModelVersionView) => string): ComparedLine => {
    const [left, right] = [read(one), read(other)];
    return { what, one: left, other: right, isSame: left === right };
  };
  const tensors = (way: "inputs" | "outputs", word: string) => {
    const of = ({ signature }: ModelVersionView) => signature?.[way] ?? [];
    const names = new Set([...of(one), ...of(other)].map(({ name }) => name));
    return [...names].map((name) =>
      line(`${word} ${name}`, (version) => tensorWords(of(version).find((tensor) => tensor.name === name))),
    );
  };
  return [
    ...tensors("inputs", "takes"),
    ...tensors("outputs", "gives"),
    line("sample", ({ sample }) => (sample === null ? "" : JSON.stringify(sample.request))),
    line("aliases", ({ aliases }) => aliases.join(", ")),
    line("file", ({ filename }) => filename),
    line("size", ({ sizeBytes }) => formatMemory(sizeBytes)),
    line("SHA-256", ({ sha256 }) => sha256),
    line("description", ({ description }) => description),
    line("deployed in", ({ deployedIn }) => deployedIn.map(({ name }) => name).join(", ")),
    line("created by", ({ createdBy }) => createdBy),
  ];
}

function tensorWords(tensor: TensorSignature | undefined): string {
  return tensor === undefined ? "" : `${tensor.datatype} ${shapeWords(tensor.shape)}`;
}

/** What two versions mean for whoever calls them, in one sentence. */
export function comparedSentence(lines: readonly ComparedLine[]): string {
  const tensors = lines.filter(({ what, isSame }) => !isSame && /^(takes|gives) /.test(what));
  if (tensors.length === 0) return "Both take and give the same, so callers need not change.";
  return `Callers may have to change: ${tensors.length} ${tensors.length === 1 ? "tensor differs" : "tensors differ"}.`;
}
