"use client";
import { Button } from "@slipway/ui/button";
import { Icon } from "@slipway/ui/icon";
import { useLayoutEffect, useRef } from "react";
import AccountSettings from "./account-settings.tsx";
import { Brand } from "./brand.tsx";
import { PageLinks } from "./page-links.tsx";

/** The navigation of small screens, over the page. The browser keeps the focus inside and closes it on Escape. */
export default function SmallMenu({ onClose }: { onClose: () => void }) {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      aria-label="Menu"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="m-0 h-dvh max-h-dvh w-[min(20rem,100vw)] border-line border-r bg-surface p-4 text-ink shadow-lg backdrop:bg-black/50"
    >
      <div className="mb-4 flex items-center justify-between">
        <Brand />
        <Button look="quiet" onClick={onClose} aria-label="Close">
          <Icon name="cross" />
        </Button>
      </div>
      <nav aria-label="Pages" className="mb-6">
        <PageLinks isNarrow={false} onChosen={onClose} />
      </nav>
      <div className="border-line border-t pt-4">
        <AccountSettings />
      </div>
    </dialog>
  );
}
