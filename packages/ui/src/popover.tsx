"use client";
import { type ReactNode, useId, useRef, useState } from "react";
import { buttonClass } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";

/** Room between a panel and the edge of the window. */
const MARGIN_PX = 8;

type Props = {
  /** What the button says; the panel is named like it. */
  word: string;
  icon?: IconName;
  /** Something chosen in it has an effect now. */
  isOn?: boolean;
  /** Said of the button in addition to its word. */
  detail?: string;
  className?: string;
  /** Made when the panel opens; `close` ends it and gives the focus back. */
  children: (close: () => void) => ReactNode;
};

/**
 * A button with a panel below it. The browser closes it on Escape and on a press elsewhere, and keeps the panel right behind
 * its button for the keyboard.
 */
export function Popover({ word, icon, isOn = false, detail = "", className = "", children }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        className={`${buttonClass("plain")} ${isOn ? "border-accent bg-busy-soft text-accent" : ""} ${className}`}
      >
        {icon === undefined ? null : <Icon name={icon} />}
        {word}
        {detail === "" ? null : <span className="font-normal">{detail}</span>}
        <Icon name="chevron" className="-mr-1" />
      </button>
      <section
        ref={panel}
        id={id}
        popover="auto"
        aria-label={word}
        onToggle={({ newState }) => {
          setOpen(newState === "open");
          if (newState === "open") place(button.current, panel.current);
        }}
        className="absolute inset-auto m-0 max-h-[70dvh] w-[min(20rem,calc(100vw-1rem))] overflow-y-auto rounded-xl border border-line bg-surface p-2 text-ink text-sm shadow-lg"
      >
        {isOpen ? children(() => panel.current?.hidePopover()) : null}
      </section>
    </>
  );
}

/** Below its button, within the window, and with the page when that scrolls. */
function place(button: HTMLElement | null, panel: HTMLElement | null): void {
  if (button === null || panel === null) return;
  const at = button.getBoundingClientRect();
  const most = document.documentElement.clientWidth - panel.offsetWidth - MARGIN_PX;
  panel.style.left = `${Math.max(MARGIN_PX, Math.min(at.left, most)) + window.scrollX}px`;
  panel.style.top = `${at.bottom + 4 + window.scrollY}px`;
}
