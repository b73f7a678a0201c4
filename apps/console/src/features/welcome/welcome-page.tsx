import type { AuditView, ResourceView } from "@slipway/contracts";
import { headers } from "next/headers";
import { INTERNAL_HEADERS } from "../../server-headers.ts";
import { TrpcProvider } from "../../trpc/provider.tsx";
import { Frame } from "../frame/frame.tsx";
import { DEFAULT_GROUP_NAME } from "../frame/group.ts";
import { readApi } from "../frame/read-api.ts";
import { DEMO_LABELS, DEMO_TRACES, type DemoTrace, demoTrace, pickDemo } from "./first-page.ts";
import { WelcomeView } from "./welcome-view.tsx";

/** What is shown first: a model that answers, and the way to one's own. */
export async function WelcomePage() {
  const query = { group: DEFAULT_GROUP_NAME, labels: DEMO_LABELS };
  const answer = await readApi<{ items: ResourceView[] }>("/deployments", query);
  const first = answer.ok ? answer.body.items : [];
  return (
    <Frame>
      <TrpcProvider>
        <WelcomeView
          first={first}
          trace={pickDemo(first) === null ? await readTrace() : "never"}
          gatewayUrl={(await headers()).get(INTERNAL_HEADERS.gatewayUrl) ?? ""}
        />
      </TrpcProvider>
    </Frame>
  );
}

async function readTrace(): Promise<DemoTrace> {
  const answer = await readApi<{ items: AuditView[] }>("/activity", { group: DEFAULT_GROUP_NAME, ...DEMO_TRACES });
  return demoTrace(answer.ok ? answer.body.items : null);
}
