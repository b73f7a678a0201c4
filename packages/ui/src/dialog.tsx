"use client";
import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

type Props = { title: string; onClose: () => void; children: ReactNode };

/**
 * A modal dialog for as long as it is rendered. The browser keeps the focus inside, closes it on Escape, and gives the focus
 * back to what opened it.
 */
export function Dialog({ title, onClose, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // What is asked for comes first, not the way out.
    dialog?.querySelector<HTMLElement>("input, select, textarea")?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="m-auto max-h-[90dvh] w-[min(36rem,calc(100vw-2rem))] overflow-y-auto rounded-xl border border-line bg-surface p-5 text-ink shadow-lg backdrop:bg-black/50 sm:p-6"
    >
      <div className="mb-4 flex items-start justify-between gap-4">
        <h2 id={titleId} className="min-w-0 break-words font-semibold text-lg">
          {title}
        </h2>
        <Button look="quiet" onClick={onClose} aria-label="Close" className="-mt-1 -mr-2">
          <Icon name="cross" />
        </Button>
      </div>
      {children}
    </dialog>
  );
}

/** The buttons at a dialog's foot: what it is for, and the way back. */
export function DialogActions({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  return (
    <div className="mt-6 flex flex-wrap justify-end gap-2">
      <Button onClick={onClose}>Cancel</Button>
      {children}
    </div>
  );
}
