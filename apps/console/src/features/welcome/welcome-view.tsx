"use client";
import type { ResourceView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { DemoPanel } from "./demo-panel.tsx";
import { type DemoTrace, WELCOME_COOKIE, WELCOME_SEEN } from "./first-page.ts";
import { OwnModel } from "./own-model.tsx";
import { useDemo } from "./use-demo.ts";

const YEAR_S = 31_536_000;

type Props = {
  first: ResourceView[];
  /** What is known of the demo that is not in `first`. */
  trace: DemoTrace;
  gatewayUrl: string;
};

/** From the first sign-in to the first answer, and on to a model of one's own. */
export function WelcomeView({ first, trace, gatewayUrl }: Props) {
  const router = useRouter();
  const demo = useDemo(first);
  // One that this page has shown and shows no more was deleted under it.
  const [wasShown, setShown] = useState(demo !== null);
  if (demo !== null && !wasShown) setShown(true);
  const leave = () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${WELCOME_COOKIE}=${WELCOME_SEEN}; path=/; max-age=${YEAR_S}; samesite=lax`;
    router.push("/deployments");
  };
  return (
    <div className="mx-auto max-w-5xl">
      <div className="mb-6 flex flex-wrap items-start gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="font-semibold text-2xl tracking-tight">Welcome to Slipway</h1>
          <p className="mt-1 text-ink-soft">
            {demo === null
              ? "Deploy a model, and it answers requests at an address of its own."
              : "A model is deployed already. Send it a request, then deploy one of yours."}
          </p>
        </div>
        <Button onClick={leave}>Go to the deployments</Button>
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        {demo === null ? (
          <NoDemo trace={wasShown ? "deleted" : trace} />
        ) : (
          <DemoPanel key={demo.metadata.uid} demo={demo} gatewayUrl={gatewayUrl} />
        )}
        <OwnModel isFirst={demo === null} />
      </div>
    </div>
  );
}

const NO_DEMO: { readonly [Trace in DemoTrace]: string } = {
  deleted: "The demo was deleted. What follows works without it.",
  never:
    "No demo has come yet. When Slipway has only just started, it takes a moment and appears here by itself; a platform that is started without demos has none.",
  unknown:
    "There is no demo here: it was deleted, or this platform was started without one. Should one come, it appears by itself.",
};

function NoDemo({ trace }: { trace: DemoTrace }) {
  return <p className="rounded-xl border border-line bg-surface p-5 text-ink-soft">{NO_DEMO[trace]}</p>;
}
