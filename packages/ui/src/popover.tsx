"use client";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
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
  useEffect(() => {
    if (!isOpen) return;
    const placeAgain = () => place(button.current, panel.current);
    window.addEventListener("resize", placeAgain);
    return () => window.removeEventListener("resize", placeAgain);
  }, [isOpen]);
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
        className="absolute inset-auto m-0 max-h-[70dvh] w-(--panel-width) overflow-y-auto [--panel-width:min(20rem,calc(100vw-1rem))] rounded-xl border border-line bg-surface p-2 text-ink text-sm shadow-lg"
      >
        {isOpen ? children(() => panel.current?.hidePopover()) : null}
      </section>
    </>
  );
}

/** Below its button and with the page when that scrolls; within the window whatever becomes of its width. */
function place(button: HTMLElement | null, panel: HTMLElement | null): void {
  if (button === null || panel === null) return;
  const at = button.getBoundingClientRect();
  const most = `calc(100vw - var(--panel-width) - ${MARGIN_PX}px)`;
  panel.style.left = `max(${MARGIN_PX}px, min(${at.left}px, ${most}))`;
  panel.style.top = `${at.bottom + 4 + window.scrollY}px`;
}
