import type { FieldChange } from "@slipway/contracts";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { trpc } from "../../trpc/client.ts";
import { type Failure, failureOf } from "../../trpc/failure.ts";
import { useAskAgain } from "../../trpc/use-live.ts";
import { standingProblems } from "./problem-list.ts";
import type { Editor } from "./use-editor.ts";
import { useSettled } from "./use-settled.ts";

const ASK_AFTER_MS = 400;
export const PREFLIGHT_KEY = "preflight";

export type PreflightProblem = { field: string; message: string; position: { line: number; column: number } | null };
/** As it comes over the wire, where what is undefined is left out. */
export type ChangedField = Pick<FieldChange, "field" | "impact" | "words"> & { before?: unknown; after?: unknown };
export type PreflightAnswer = {
  problems: PreflightProblem[];
  /** What would change, and what that does. */
  fields: ChangedField[];
  isMessageRequired: boolean;
};
export type Preflight = {
  /** What the API says of the text as it is now; null while it has not said. */
  answer: PreflightAnswer | null;
  /** The same, or what it said of the text before while it has not, less the problems of what was changed since. */
  latest: PreflightAnswer | null;
  failure: Failure | null;
  /** Asks about this text at once. */
  ask: (text: string) => Promise<PreflightAnswer>;
};

/** What the API says of the manifest, asked a moment after each change; `isWanted` also before there is any. */
export function usePreflight(editor: Editor, isWanted: boolean): Preflight {
  const { isNew, textProblems, changes, value } = editor;
  const text = textOf(editor);
  const settled = useSettled(text, ASK_AFTER_MS);
  useAskAgain(PREFLIGHT_KEY);
  const isAsked = textProblems.length === 0 && (isWanted || changes.length > 0);
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: [PREFLIGHT_KEY, settled, isNew],
    queryFn: async () => ({ said: await askApi(settled, isNew), of: value }),
    enabled: isAsked,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  });
  const latest =
    isAsked && data !== undefined
      ? { ...data.said, problems: standingProblems(data.said.problems, data.of, value) }
      : null;
  return {
    answer: settled === text && !isPlaceholderData ? latest : null,
    latest,
    failure: isAsked && error !== null ? failureOf(error) : null,
    ask: (now) => askApi(now, isNew),
  };
}

/** The manifest as it is sent: JSON is YAML too, for as long as the library for texts has not come. */
export function textOf({ text, value }: Pick<Editor, "text" | "value">): string {
  return text ?? `${JSON.stringify(value, null, 2)}\n`;
}

async function askApi(manifest: string, isNew: boolean): Promise<PreflightAnswer> {
  // A version that somebody else made meanwhile is no problem of the text: the page brings both sides together.
  const { problems, changes } = await trpc.resource.preflight.mutate({
    manifest,
    ...(isNew ? { expected: [{ version: 0 }] } : {}),
  });
  const [change] = changes;
  return { problems, fields: change?.fields ?? [], isMessageRequired: change?.isMessageRequired ?? false };
}
