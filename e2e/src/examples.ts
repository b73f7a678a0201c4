import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "@slipway/platform";
import type { TestPlatform } from "@slipway/testkit";
import { until } from "@slipway/testkit";
import * as z from "zod";

const FOLDER = join(CHECKOUT, "examples", "models");

export type ExampleName = "iris" | "breast-cancer" | "digits" | "text-classifier";

/** The file of an example model. */
export function modelFile(name: ExampleName): string {
  return join(FOLDER, name, "model.onnx");
}

/** A request that the example answers. */
export function sampleOf(name: ExampleName): string {
  return readFileSync(join(FOLDER, name, "sample.json"), "utf8");
}

const golden = z.object({
  cases: z.array(
    z.object({
      request: z.record(z.string(), z.unknown()),
      outputs: z.array(z.object({ name: z.string(), data: z.array(z.union([z.number(), z.string()])) })),
    }),
  ),
});

/** Requests with what Python's onnxruntime answered to them. */
export function goldenCases(name: ExampleName): z.output<typeof golden>["cases"] {
  return golden.parse(JSON.parse(readFileSync(join(FOLDER, name, "golden.json"), "utf8"))).cases;
}

/** Where a deployment of the default group is asked. */
export function inferUrl(platform: TestPlatform, deployment: string): string {
  return `${platform.info.gatewayUrl}/serve/default/${deployment}/v2/models/${deployment}/infer`;
}

const view = z.object({
  metadata: z.object({ uid: z.string(), generation: z.int(), version: z.int() }),
  spec: z.record(z.string(), z.unknown()),
  status: z.object({
    observedGeneration: z.int(),
    lifecycle: z.string(),
    health: z.string(),
    traffic: z.string(),
    message: z.string(),
    reason: z.string().nullable(),
    replicas: z.object({ ready: z.int(), starting: z.int(), wanted: z.int() }),
  }),
});
export type DeploymentState = z.output<typeof view>;

/** What the API says of a deployment. */
export async function stateOf(platform: TestPlatform, name: string): Promise<DeploymentState> {
  const { status, body } = await platform.api("GET", `/deployments/${name}`);
  if (status !== 200) throw new Error(`reading ${name} was a ${status}: ${JSON.stringify(body)}`);
  return view.parse(body);
}

/** Waits until a deployment is as wanted, and gives how it is then. Errors of the API on the way count as not yet. */
export function untilState(
  platform: TestPlatform,
  name: string,
  isSo: (state: DeploymentState) => boolean,
  what: string,
  timeoutMs = 45_000,
): Promise<DeploymentState> {
  return until(
    async () => {
      const state = await stateOf(platform, name);
      return isSo(state) ? state : null;
    },
    { timeoutMs, everyMs: 50, what: `${name}: ${what}` },
  );
}

/** Live, and on the generation that was asked for last. */
export function isSettled({ metadata, status }: DeploymentState): boolean {
  return (
    status.lifecycle === "Live" &&
    status.observedGeneration === metadata.generation &&
    status.replicas.ready === status.replicas.wanted
  );
}
