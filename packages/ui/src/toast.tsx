"use client";
import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import { addToast, dropToast, lifetimeMs, newestUndo, type Toast, type ToastTone, type Undo } from "./toast-queue.ts";

export type Toasts = {
  /** Says what was done, or that it failed, and offers to take it back where that is real. */
  show: (toast: { words: string; tone?: ToastTone; undo?: Undo }) => void;
};

const toastsContext = createContext<Toasts | null>(null);

/** How the page below a provider speaks of what was done. */
export function useToasts(): Toasts {
  const toasts = useContext(toastsContext);
  if (toasts === null) throw new Error("there is no ToastProvider above");
  return toasts;
}

type Props = { children: ReactNode; describeError: (error: unknown) => string };

/**
 * Holds what was done and shows it at the foot of the page: said politely, three at most, each for a while that stands
 * still as long as pointer or focus is on them. Control+Z takes the newest back. `describeError` says in words why taking
 * back failed.
 */
export function ToastProvider({ children, describeError }: Props) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const nextId = useRef(1);
  const drop = (id: number) => setToasts((now) => dropToast(now, id));

  const handle = useMemo<Toasts>(
    () => ({
      show({ words, tone = "done", undo }) {
        const id = nextId.current;
        nextId.current += 1;
        setToasts((now) => addToast(now, { id, words, tone, undo: undo ?? null }));
      },
    }),
    [],
  );

  async function takeBack({ id, undo }: Toast) {
    if (undo === null) return;
    drop(id);
    try {
      await undo.run();
      handle.show({ words: "Taken back." });
    } catch (error) {
      handle.show({ words: `It could not be taken back. ${describeError(error)}`, tone: "failed" });
    }
  }

  return (
    <toastsContext.Provider value={handle}>
      {children}
      <ToastList toasts={toasts} drop={drop} takeBack={takeBack} />
    </toastsContext.Provider>
  );
}

type ListProps = { toasts: readonly Toast[]; drop: (id: number) => void; takeBack: (toast: Toast) => Promise<void> };

function ToastList({ toasts, drop, takeBack }: ListProps) {
  const [isHeld, setHeld] = useState(false);
  const section = useRef<HTMLElement>(null);
  const cameFrom = useRef<Element | null>(null);
  useUndoKey(toasts, takeBack);
  /** What is pressed here goes away with its message; the focus goes back to where it came from. */
  const handBack = () => {
    const isHere = section.current?.contains(document.activeElement) === true;
    if (isHere && cameFrom.current instanceof HTMLElement) cameFrom.current.focus();
  };
  return (
    <section
      ref={section}
      aria-label="Messages"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={({ currentTarget, relatedTarget }) => {
        setHeld(true);
        if (!currentTarget.contains(relatedTarget)) cameFrom.current = relatedTarget;
      }}
      onBlur={() => setHeld(false)}
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 sm:left-auto sm:w-96"
    >
      <div role="status" aria-live="polite" aria-atomic="false" className="grid gap-2">
        {toasts.map((toast) => (
          <ToastCard
            key={toast.id}
            toast={toast}
            isHeld={isHeld}
            leave={() => drop(toast.id)}
            dismiss={() => {
              handBack();
              drop(toast.id);
            }}
            undo={() => {
              handBack();
              void takeBack(toast);
            }}
          />
        ))}
      </div>
    </section>
  );
}

type CardProps = { toast: Toast; isHeld: boolean; leave: () => void; dismiss: () => void; undo: () => void };

function ToastCard({ toast, isHeld, leave, dismiss, undo }: CardProps) {
  const { words, tone } = toast;
  const end = useEffectEvent(leave);
  const stayMs = lifetimeMs(toast);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(end, stayMs);
    return () => clearTimeout(timer);
  }, [isHeld, stayMs]);
  return (
    <div
      data-toast={tone}
      className="pointer-events-auto flex animate-rise items-center gap-3 rounded-lg border border-outline bg-surface py-2 pr-2 pl-3 text-ink text-sm shadow-lg"
    >
      <Icon name={tone === "done" ? "check" : "warning"} className={tone === "done" ? "text-good" : "text-bad"} />
      <p className="wrap-anywhere min-w-0 flex-1">{words}</p>
      {toast.undo === null ? null : (
        <Button onClick={undo} aria-keyshortcuts="Control+Z Meta+Z">
          {toast.undo.label ?? "Undo"}
        </Button>
      )}
      <Button look="quiet" aria-label="Dismiss" onClick={dismiss}>
        <Icon name="cross" />
      </Button>
    </div>
  );
}

/** Control+Z or Command+Z anywhere but in a field, which has an undo of its own. */
function useUndoKey(toasts: readonly Toast[], takeBack: (toast: Toast) => Promise<void>): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const isUndo = event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    const newest = newestUndo(toasts);
    if (!isUndo || newest === null || isEditing(event.target)) return;
    event.preventDefault();
    void takeBack(newest);
  });
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function isEditing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
