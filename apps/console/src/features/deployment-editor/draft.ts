import { isTree, type Tree } from "./manifest-value.ts";

/** What one saw of the deployment that is edited. */
export type Seen = { uid: string; version: number };
/** What a browser keeps of an edit that is not applied yet. */
export type Draft = {
  value: Tree;
  /** The YAML text as it was last written by hand; empty when it never was. */
  source: string;
  /** From where the edit started; for a new deployment, what the form began with. */
  base: Tree;
  seen: Seen | null;
  savedAtMs: number;
  /** The page was left because the session ended, so it goes on from here by itself. */
  isInterrupted: boolean;
};

const VERSION = 1;

/** Where the draft of a deployment lies: by its uid, or one per group for a new one. */
export function draftKey(seen: Seen | null, group: string): string {
  return seen === null ? `slipway-draft:new:${group}` : `slipway-draft:${seen.uid}`;
}

export function writeDraft(draft: Draft): string {
  return JSON.stringify({ ...draft, version: VERSION });
}

/** The draft that a text holds; null for anything else, also for one of another version of this page. */
export function readDraft(text: string | null): Draft | null {
  const found = parse(text);
  if (!isTree(found) || found.version !== VERSION) return null;
  const { value, source, base, savedAtMs } = found;
  const isInterrupted = found.isInterrupted === true;
  const seen = seenOf(found.seen);
  if (!isTree(value) || !isTree(base) || typeof source !== "string" || typeof savedAtMs !== "number") return null;
  return seen === undefined ? null : { value, source, base, seen, savedAtMs, isInterrupted };
}

function seenOf(value: unknown): Seen | null | undefined {
  if (value === null) return null;
  if (!isTree(value) || typeof value.uid !== "string" || typeof value.version !== "number") return undefined;
  return { uid: value.uid, version: value.version };
}

function parse(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
