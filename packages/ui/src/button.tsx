import type { ComponentProps } from "react";

export type ButtonLook = "primary" | "plain" | "quiet" | "danger";

const LOOKS: { readonly [Name in ButtonLook]: string } = {
  primary: "bg-accent text-on-accent hover:brightness-110 px-4",
  plain: "border border-outline bg-surface text-ink hover:bg-hover px-3",
  danger: "border border-bad bg-surface text-bad hover:bg-bad-soft px-3",
  quiet: "text-ink-soft hover:bg-hover hover:text-ink px-2.5",
};

/** The classes of a button, for links that look like one. */
export function buttonClass(look: ButtonLook): string {
  return `inline-flex min-h-8 items-center justify-center gap-2 rounded-md py-1.5 text-sm font-medium whitespace-nowrap transition-colors cursor-pointer disabled:cursor-not-allowed disabled:opacity-60 ${LOOKS[look]}`;
}

/** A button of at least 32 pixels in height. It submits nothing unless told. */
export function Button({ look = "plain", className = "", ...rest }: ComponentProps<"button"> & { look?: ButtonLook }) {
  return <button type="button" {...rest} className={`${buttonClass(look)} ${className}`} />;
}
