"use client";
import { Button } from "@slipway/ui/button";
import { Icon } from "@slipway/ui/icon";
import { useState } from "react";
import { curlLine } from "./curl-line.ts";
import type { DeploymentRow } from "./deployment-row.ts";

type State = "ready" | "copied" | "failed";
const WORDS: { readonly [Name in State]: string } = {
  ready: "Copy curl",
  copied: "Copied",
  failed: "Not copied",
};
const BACK_AFTER_MS = 2_000;

type Props = { row: DeploymentRow; gatewayUrl: string; readSample: (row: DeploymentRow) => Promise<string> };

/** Copies a call with a real sample of the deployment. The sample is read when it is asked for. */
export function CopyCurlButton({ row, gatewayUrl, readSample }: Props) {
  const [state, setState] = useState<State>("ready");

  async function copy() {
    try {
      const sample = await readSample(row);
      await navigator.clipboard.writeText(curlLine({ ...row, gatewayUrl, sample }));
      setState("copied");
    } catch {
      setState("failed");
    }
    setTimeout(() => setState("ready"), BACK_AFTER_MS);
  }

  return (
    <Button onClick={copy} aria-label={`${WORDS[state]}: ${row.name}`}>
      <Icon name={state === "copied" ? "check" : state === "failed" ? "cross" : "copy"} />
      {WORDS[state]}
    </Button>
  );
}
