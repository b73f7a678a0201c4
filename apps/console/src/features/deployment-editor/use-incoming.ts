import type { ResourceView } from "@slipway/contracts";
import { useEffect, useState } from "react";
import { manifestOf } from "./form-fields.ts";
import { changesBetween, fieldOf, type Tree } from "./manifest-value.ts";
import { type Choice, type Merge, mergeSides, resolveMerge } from "./merge-sides.ts";
import type { Editor } from "./use-editor.ts";

/** What somebody else made of the deployment meanwhile, where that and this edit do not simply go together. */
export type Incoming = {
  merge: Merge;
  version: number;
  choices: Readonly<Record<string, Choice>>;
  choose: (field: string, choice: Choice) => void;
  /** Goes on from their version with what was chosen; does nothing while something is not chosen. */
  settle: () => void;
};

export type IncomingState = {
  incoming: Incoming | null;
  /** What was taken in without a question, in a sentence; empty when nothing was. */
  said: string;
};

/** Of a deployment that nobody else can change, because it is not there yet. */
export const NOTHING_INCOMING: IncomingState = { incoming: null, said: "" };

/** Brings each later version of the deployment together with what is edited. */
export function useIncoming(editor: Editor, resource: ResourceView | null): IncomingState {
  const { base, seen, value, source, changes, take } = editor;
  const [choices, setChoices] = useState<{ version: number; made: Record<string, Choice> }>({ version: 0, made: {} });
  const [said, setSaid] = useState("");
  const version = resource?.metadata.version ?? 0;
  const isNewer = resource !== null && seen !== null && version > seen.version;
  const theirs = isNewer ? manifestOf(resource) : null;
  const merge = theirs === null ? null : mergeSides(base, theirs, value);
  const canTake = merge !== null && merge.conflicts.length === 0;

  function takeOver(next: Tree, taken: Tree) {
    if (seen === null) return;
    take({ value: next, base: taken, seen: { uid: seen.uid, version }, source });
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each version that comes and goes together with the edit
  useEffect(() => {
    if (!canTake || theirs === null) return;
    const theirFields = changesBetween(base, theirs).map(({ path }) => fieldOf(path));
    takeOver(merge.merged, theirs);
    if (theirFields.length === 0) return;
    const kept = changes.length === 0 ? "" : " Your changes stand on it.";
    setSaid(`Somebody else changed ${theirFields.join(", ")}: version ${version} is shown now.${kept}`);
  }, [canTake, version]);

  if (merge === null || canTake || theirs === null) return { incoming: null, said };
  const made = choices.version === version ? choices.made : {};
  return {
    said,
    incoming: {
      merge,
      version,
      choices: made,
      choose: (field, choice) => setChoices({ version, made: { ...made, [field]: choice } }),
      settle() {
        const resolved = resolveMerge(merge, made);
        if (resolved === null) return;
        takeOver(resolved, theirs);
        setSaid(`Your changes stand on version ${version} now.`);
      },
    },
  };
}
