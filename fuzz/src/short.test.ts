import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Area } from "./area.ts";
import { grpcInfer } from "./areas/grpc-infer.ts";
import { grpcMessages } from "./areas/grpc-messages.ts";
import { jsonRequests } from "./areas/json-requests.ts";
import { manifests } from "./areas/manifests.ts";
import { onnxFiles } from "./areas/onnx-files.ts";
import { operationsArea } from "./areas/operations.ts";
import { rawHttp } from "./areas/raw-http.ts";
import { restInfer } from "./areas/rest-infer.ts";
import { uploads } from "./areas/uploads.ts";
import { holdConsole } from "./rig/console.ts";
import { holdServing } from "./rig/serving.ts";
import { runArea } from "./run-area.ts";

/** The same inputs in every run, so that a run that fails fails again; `npm run fuzz` sends others. */
const SEED = 20_261_129;
const IN_PROCESS: readonly Area[] = [jsonRequests, grpcMessages, manifests, onnxFiles];
/** One after the other: they share their processes, and each watches somebody else's answers. */
const ON_PROCESSES: readonly Area[] = [restInfer, grpcInfer, rawHttp, operationsArea, uploads];

const held: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  held.push(...(await Promise.all([holdServing(), holdConsole()])));
}, 120_000);
afterAll(() => Promise.all(held.map((rig) => rig.close())), 60_000);

describe("whatever bytes come from outside", () => {
  test.each([...IN_PROCESS, ...ON_PROCESSES].map((area) => [area.guarantee, area] as const))(
    "%s",
    async (_, area) => {
      const result = await runArea(area, { seed: SEED, count: area.inputs.short, isStrict: false });
      expect(result, `npm run fuzz -- --area ${area.name} --seed ${SEED} --count ${area.inputs.short}`).toMatchObject({
        ok: true,
        inputs: area.inputs.short,
      });
    },
    120_000,
  );
});
