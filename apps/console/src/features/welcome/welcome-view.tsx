"use client";
import type { ResourceView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { useRouter } from "next/navigation";
import { DemoPanel } from "./demo-panel.tsx";
import { WELCOME_COOKIE, WELCOME_SEEN } from "./first-page.ts";
import { OwnModel } from "./own-model.tsx";
import { useDemo } from "./use-demo.ts";

const YEAR_S = 31_536_000;

/** From the first sign-in to the first answer, and on to a model of one's own. */
export function WelcomeView({ first, gatewayUrl }: { first: ResourceView[]; gatewayUrl: string }) {
  const router = useRouter();
  const demo = useDemo(first);
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
        {demo === null ? <NoDemo /> : <DemoPanel key={demo.metadata.uid} demo={demo} gatewayUrl={gatewayUrl} />}
        <OwnModel isFirst={demo === null} />
      </div>
    </div>
  );
}

function NoDemo() {
  return (
    <p className="rounded-xl border border-line bg-surface p-5 text-ink-soft">
      There is no demo here: it was deleted, or this platform was started without one. Should one come, it appears by
      itself.
    </p>
  );
}
