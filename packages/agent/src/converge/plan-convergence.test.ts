import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ConvergenceInput, type HeldState, planConvergence } from "./plan-convergence.ts";

const KEYS = ["a", "b", "c", "d", "e"];
const STATES = [
  "waiting",
  "fetching",
  "fetched",
  "loading",
  "ready",
  "unloading",
  "failed",
] as const satisfies HeldState[];

const input: fc.Arbitrary<ConvergenceInput> = fc.record({
  assigned: fc.option(
    fc.subarray(KEYS).map((keys) => new Set(keys)),
    { nil: null },
  ),
  held: fc
    .uniqueArray(
      fc.tuple(
        fc.constantFrom(...KEYS, "x", "y"),
        fc.record({ state: fc.constantFrom(...STATES), crashes: fc.integer({ min: 0, max: 1 }) }),
      ),
      { selector: ([key]) => key },
    )
    .map((entries) => new Map(entries)),
  serverUp: fc.boolean(),
  parallelFetches: fc.integer({ min: 1, max: 3 }),
  parallelLoads: fc.integer({ min: 1, max: 3 }),
});
const inState = ({ held }: ConvergenceInput, state: HeldState) =>
  [...held].filter(([, model]) => model.state === state).map(([key]) => key);

describe("the plan of a replica", () => {
  test("never takes away what is assigned, nor anything while the assignment is not known", () => {
    fc.assert(
      fc.property(input, (given) => {
        const { unload, forget } = planConvergence(given);
        for (const key of [...unload, ...forget]) expect(given.assigned?.has(key)).toBe(false);
      }),
    );
  });

  test("never has more under way than it may, and never begins what is under way", () => {
    fc.assert(
      fc.property(input, (given) => {
        const { fetch, load } = planConvergence(given);
        const loading = inState(given, "loading");
        expect(fetch.length).toBeLessThanOrEqual(
          Math.max(0, given.parallelFetches - inState(given, "fetching").length),
        );
        expect(load.length).toBeLessThanOrEqual(Math.max(0, given.parallelLoads - loading.length));
        for (const key of load) expect(given.held.get(key)?.state).toBe("fetched");
        if (!given.serverUp) expect(load).toEqual([]);
      }),
    );
  });

  test("loads a model that was there in a crash alone and after its neighbours", () => {
    fc.assert(
      fc.property(input, (given) => {
        const { load } = planConvergence(given);
        const isSuspect = (key: string) => (given.held.get(key)?.crashes ?? 0) > 0;
        if (!load.some(isSuspect)) return;
        expect(load).toHaveLength(1);
        expect(inState(given, "loading")).toEqual([]);
        const neighbours = inState(given, "fetched").filter((key) => given.assigned?.has(key) ?? true);
        expect(neighbours.every(isSuspect)).toBe(true);
      }),
    );
  });

  test("reaches the assignment from any state in a bounded number of steps, and is empty then", () => {
    fc.assert(
      fc.property(input, (given) => {
        const assigned = given.assigned ?? new Set<string>();
        let world: ConvergenceInput = { ...given, assigned, serverUp: true };
        for (let steps = 0; steps < 60; steps += 1) world = afterwards(world);
        const held = new Map([...world.held].map(([key, { state }]) => [key, state]));
        expect([...held.keys()].sort()).toEqual([...assigned].sort());
        for (const state of held.values()) expect(["ready", "failed"]).toContain(state);
        expect(planConvergence(world)).toEqual({ admit: [], fetch: [], load: [], unload: [], forget: [] });
      }),
    );
  });
});

/** The world after everything under way has succeeded and the plan was begun. */
function afterwards(world: ConvergenceInput): ConvergenceInput {
  const held = new Map(world.held);
  for (const [key, model] of world.held) {
    if (model.state === "fetching") held.set(key, { ...model, state: "fetched" });
    else if (model.state === "loading") held.set(key, { ...model, state: "ready" });
    else if (model.state === "unloading") held.delete(key);
  }
  const plan = planConvergence({ ...world, held });
  for (const key of plan.admit) held.set(key, { state: "waiting", crashes: 0 });
  for (const key of plan.forget) held.delete(key);
  const begin = (keys: readonly string[], state: HeldState) => {
    for (const key of keys) held.set(key, { crashes: held.get(key)?.crashes ?? 0, state });
  };
  begin(plan.fetch, "fetching");
  begin(plan.load, "loading");
  begin(plan.unload, "unloading");
  return { ...world, held };
}
