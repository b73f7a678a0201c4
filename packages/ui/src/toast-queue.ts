/** What is shown for a while at the foot of the page. */
export type Toast = {
  /** Of what is shown now, no two are the same. */
  id: number;
  /** A whole sentence. */
  words: string;
  tone: ToastTone;
  undo: Undo | null;
};
export type ToastTone = "done" | "failed";
/** How to take something back. `run` must make it as it was, or reject. */
export type Undo = { label?: string; run: () => Promise<void> };

/** More at once nobody reads. */
export const TOASTS_MAX = 3;

/** With one more at the end; beyond three the oldest goes, first those that nothing can be done with. */
export function addToast(toasts: readonly Toast[], added: Toast): Toast[] {
  const all = [...toasts, added];
  if (all.length <= TOASTS_MAX) return all;
  const gone = toasts.find(({ undo }) => undo === null) ?? toasts[0];
  return all.filter((toast) => toast !== gone);
}

/** Without one. */
export function dropToast(toasts: readonly Toast[], id: number): Toast[] {
  return toasts.filter((toast) => toast.id !== id);
}

/** The newest that can be taken back. */
export function newestUndo(toasts: readonly Toast[]): Toast | null {
  return toasts.findLast(({ undo }) => undo !== null) ?? null;
}

const READ_MS = 6_000;
const DECIDE_MS = 12_000;

/** How long it stays when nobody is at it: time to read, and more where there is something to decide. */
export function lifetimeMs({ undo, tone }: Pick<Toast, "undo" | "tone">): number {
  return undo !== null || tone === "failed" ? DECIDE_MS : READ_MS;
}
