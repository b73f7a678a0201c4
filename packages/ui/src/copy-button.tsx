"use client";
import { useState } from "react";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

type State = "ready" | "copied" | "failed";
const BACK_AFTER_MS = 2_000;

type Props = { text: string; what: string; isSpelledOut?: boolean };

/** Copies a text. `what` completes its name, as in `Copy URL`, and is seen too where it is spelled out. */
export function CopyButton({ text, what, isSpelledOut = false }: Props) {
  const [state, setState] = useState<State>("ready");
  const words = { ready: "Copy", copied: "Copied", failed: "Not copied" }[state];

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("failed");
    }
    setTimeout(() => setState("ready"), BACK_AFTER_MS);
  }

  return (
    <Button onClick={copy} aria-label={`${words} ${what}`}>
      <Icon name={state === "copied" ? "check" : state === "failed" ? "cross" : "copy"} />
      {isSpelledOut ? `${words} ${what}` : words}
    </Button>
  );
}
