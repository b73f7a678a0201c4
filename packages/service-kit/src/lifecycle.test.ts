import { describe, expect, test } from "vitest";
import { READY, type Readiness, type Service, service } from "./lifecycle.ts";

function part(
  name: string,
  log: string[],
  options: { failStart?: boolean; failStop?: boolean; ready?: Readiness } = {},
): Service {
  return {
    name,
    async start() {
      if (options.failStart) throw new Error(`${name} cannot start`);
      log.push(`start ${name}`);
    },
    async stop() {
      log.push(`stop ${name}`);
      if (options.failStop) throw new Error(`${name} cannot stop`);
    },
    ready: () => options.ready ?? READY,
  };
}
const never = new AbortController().signal;

describe("a service made of parts", () => {
  test("starts them in order and stops them in reverse", async () => {
    const log: string[] = [];
    const whole = service("whole", [part("a", log), part("b", log)]);
    await whole.start(never);
    await whole.stop(never);
    expect(log).toEqual(["start a", "start b", "stop b", "stop a"]);
  });

  test("leaves nothing running when one of them cannot start", async () => {
    const log: string[] = [];
    const whole = service("whole", [part("a", log), part("b", log, { failStart: true }), part("c", log)]);
    await expect(whole.start(never)).rejects.toThrow("b cannot start");
    expect(log).toEqual(["start a", "stop a"]);
  });

  test("stops every part even when one of them fails to, and says so", async () => {
    const log: string[] = [];
    const whole = service("whole", [part("a", log), part("b", log, { failStop: true })]);
    await whole.start(never);
    await expect(whole.stop(never)).rejects.toThrow("whole did not stop cleanly");
    expect(log).toContain("stop a");
  });

  test("is ready only when all parts are, and names the one that is not", () => {
    const whole = service("whole", [part("a", []), part("b", [], { ready: { ready: false, reason: "no table yet" } })]);
    expect(whole.ready()).toEqual({ ready: false, reason: "b: no table yet" });
  });

  test("a start that was called off starts nothing more", async () => {
    const log: string[] = [];
    await expect(service("whole", [part("a", log)]).start(AbortSignal.abort(new Error("called off")))).rejects.toThrow(
      "called off",
    );
    expect(log).toEqual([]);
  });
});
