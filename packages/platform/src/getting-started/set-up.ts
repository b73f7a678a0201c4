import { DEMO_MESSAGE } from "@slipway/contracts/demo";
import type { Clock } from "@slipway/service-kit";
import type { ConsoleApi } from "./console-api.ts";
import { curlLine } from "./curl-line.ts";
import { DEFAULT_SERVER, DEMOS, demoManifests } from "./demos.ts";

const CLIENT = "getting-started";
const DEMO_GROUP = "default";

/** Makes the default server. */
export async function createDefaultServer(api: ConsoleApi): Promise<void> {
  const { name, group } = DEFAULT_SERVER.metadata;
  if ((await api.get("servers", name, group)) === null)
    await api.apply(JSON.stringify(DEFAULT_SERVER), "Made at the first start");
}

/** Deploys the demos; those that are there already stay as they are. */
export async function deployDemos(api: ConsoleApi): Promise<void> {
  const manifests = demoManifests();
  if (manifests.length > 0) await api.apply(manifests.join("\n---\n"), DEMO_MESSAGE);
}

/** The first demo that is still there and meant to run; null when a person deleted or stopped them. */
async function firstDemo(api: ConsoleApi): Promise<string | null> {
  for (const { name } of DEMOS) {
    const demo = await api.get("deployments", name, DEMO_GROUP);
    // Somebody's own deployment may have a demo's name; no token is made for that.
    const isOurs = demo?.metadata.labels.demo === "true" && demo.metadata.deletedAt === null;
    if (isOurs && demo.spec.running !== false) return name;
  }
  return null;
}

export type Wait = { clock: Clock; signal: AbortSignal; timeoutMs: number };

/** Waits until a demo answers requests; says how it stands when it does not in time. */
export async function awaitServing(
  api: ConsoleApi,
  kindPlural: string,
  name: string,
  group: string,
  wait: Wait,
): Promise<string | null> {
  const deadlineMs = wait.clock.monotonicMs() + wait.timeoutMs;
  for (;;) {
    const resource = await api.get(kindPlural, name, group);
    if (resource === null || resource.status.lifecycle === "Live") return null;
    const { lifecycle, health, message } = resource.status;
    if (health === "Failed" || wait.clock.monotonicMs() > deadlineMs)
      return `${name} is ${lifecycle}, ${health}. ${message}`.trim();
    await wait.clock.sleep(50, wait.signal);
  }
}

/**
 * A curl line on a demo that works as printed, with a token that was renewed for it; null when no demo is left.
 * `notYet` says in words why the demo does not answer.
 */
export async function tryItLine(
  api: ConsoleApi,
  gatewayUrl: string,
  wait: Wait,
): Promise<{ line: string; notYet: string | null } | null> {
  const deployment = await firstDemo(api);
  if (deployment === null) return null;
  const notYet = await awaitServing(api, "deployments", deployment, DEMO_GROUP, wait);
  const [token, body] = [await api.renewToken(deployment, CLIENT), await api.sample(deployment)];
  return { line: curlLine({ gatewayUrl, group: DEMO_GROUP, deployment, token, body }), notYet };
}
