import { SlipwayError } from "@slipway/contracts";
import { createLogger, systemClock } from "@slipway/service-kit";
import { expect, test } from "vitest";
import { createModelLog } from "./model-log.ts";

function held(name: string) {
  const examination = { openMs: 3, runMs: 0.0123, batching: { proven: true, reason: "" } };
  return { name, version: "1", place: "inline", examination } as const;
}

function logOf() {
  const lines: Record<string, unknown>[] = [];
  const time = { ms: 0 };
  const clock = { ...systemClock, monotonicMs: () => time.ms };
  const log = createModelLog(createLogger("m", "info", { write: (text) => void lines.push(JSON.parse(text)) }), clock);
  return { log, lines, time };
}

test("every line names its model and no other, from loading to unloading", () => {
  const { log, lines } = logOf();
  const model = held("uid-1");
  log.loading(model);
  log.loaded(model, 12);
  log.answered(model, "req_1");
  log.answered(model, "req_2");
  log.failed(model, "req_3", new SlipwayError("tensor/missing", { input: "x" }));
  log.unloaded(model);
  expect(lines.map(({ model: name }) => name)).toEqual(Array(5).fill("uid-1"));
  expect(lines.map(({ msg }) => msg)).toEqual([
    "loading the model",
    "model loaded and warmed up",
    "answered its first request",
    "inference failed",
    "model unloaded",
  ]);
  expect(lines[3]).toMatchObject({ requestId: "req_3", code: "tensor/missing", level: "warn" });
});

test("a caller that fails without end fills no log: five a second are told, then how many there were", () => {
  const { log, lines, time } = logOf();
  const model = held("uid-1");
  const fail = () => log.failed(model, "req", new Error("broken"));
  for (let turn = 0; turn < 100; turn += 1) fail();
  expect(lines).toHaveLength(5);
  time.ms += 1_000;
  fail();
  expect(lines.slice(5)).toMatchObject([
    { requests: 95, model: "uid-1" },
    { msg: "inference failed", level: "error" },
  ]);
});
