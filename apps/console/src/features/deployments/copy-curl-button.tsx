"use client";
import { Button } from "@slipway/ui/button";
import { Icon } from "@slipway/ui/icon";
import { useState } from "react";
import { curlLine } from "./curl-line.ts";

type State = "ready" | "copied" | "failed";
const WORDS: { readonly [Name in State]: string } = {
  ready: "Copy curl",
  copied: "Copied",
  failed: "Not copied",
};
const BACK_AFTER_MS = 2_000;

type Line = { name: string; group: string; isPublic: boolean };
type Props = { row: Line; gatewayUrl: string; readSample: (row: Line) => Promise<string> };

/** Copies a call with a real sample of the deployment. The sample is read when it is asked for. */
export function CopyCurlButton({ row, gatewayUrl, readSample }: Props) {
  const [state, setState] = useState<State>("ready");

  async function copy() {
    try {
      const sample = await readSample(row);
      const { name, group, isPublic } = row;
      await navigator.clipboard.writeText(curlLine({ name, group, isPublic, gatewayUrl, sample }));
      setState("copied");
    } catch {
      setState("failed");
    }
    setTimeout(() => setState("ready"), BACK_AFTER_MS);
  }

  return (
    <Button look="quiet" onClick={copy} title={WORDS[state]} aria-label={`${WORDS[state]}: ${row.name}`}>
      <Icon name={state === "copied" ? "check" : state === "failed" ? "cross" : "copy"} />
      <span className="@4xl:sr-only">{WORDS[state]}</span>
    </Button>
  );
}
