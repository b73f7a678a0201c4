import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { modelVersion } from "../snapshot/model-version.ts";
import type { ModelResource, Now } from "../snapshot/types.ts";
import { WorldStore } from "../snapshot/world.ts";
import { aModel, aServer, readyReplica } from "../testing/factories.ts";
import { candidateOf } from "./candidate.ts";
import { explainFit, explainModel } from "./explain.ts";
import { place } from "./place.ts";

const now: Now = { wallMs: 0, monotonicMs: 0 };
const MI = 1024 * 1024;

const replica = fc.record({
  memoryMi: fc.integer({ min: 1, max: 10 }).map((n) => n * 100),
  usedMi: fc.integer({ min: 0, max: 10 }).map((n) => n * 100),
  isConnected: fc.boolean(),
  isReady: fc.boolean(),
  isDraining: fc.boolean(),
  canLoad: fc.boolean(),
});
const server = fc.record({
  group: fc.constantFrom("platform", "default", "other"),
  allowed: fc.option(fc.constantFrom(["default"], ["other"]), { nil: undefined }),
  replicas: fc.array(replica, { maxLength: 4 }),
  wanted: fc.integer({ min: 0, max: 4 }),
});
const scene = fc.record({
  servers: fc.array(server, { maxLength: 4 }),
  memoryMi: fc.integer({ min: 1, max: 12 }).map((n) => n * 100),
  named: fc.option(fc.constantFrom("s0", "s1", "nowhere"), { nil: undefined }),
  count: fc.integer({ min: 1, max: 4 }),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

/** Builds the same world whatever the order in which its parts come. */
function build(
  { servers, memoryMi, named, count }: Scene,
  order: "forward" | "backward",
): { world: WorldStore; model: ModelResource } {
  const world = new WorldStore();
  const turn = <T>(items: T[]) => (order === "forward" ? items : [...items].reverse());
  for (const [n, { group, allowed, replicas, wanted }] of turn([...servers.entries()])) {
    const name = `s${n}`;
    world.putResource(
      aServer(name, { replicas: wanted, ...(allowed === undefined ? {} : { allowedGroups: allowed }) }, { group }),
    );
    for (const [index, of] of turn([...replicas.entries()])) {
      const made = readyReplica(world, name, index, of.memoryMi);
      made.connected = of.isConnected;
      made.draining = of.isDraining;
      made.capabilities = of.canLoad ? ["onnx"] : [];
      if (made.modelServer !== null) made.modelServer = { ...made.modelServer, ready: of.isReady };
      if (of.usedMi === 0) continue;
      world.putPlacement({
        ...{ modelUid: `tenant-${n}-${index}`, version: "v", serverUid: name, replica: index, generation: 1 },
        ...{ memoryBytes: of.usedMi * MI, state: "wanted", serving: null },
        load: { uri: "file:/secret", format: "onnx", sha256: "", startTimeoutMs: 1, displayName: "other/secret" },
      });
    }
  }
  const model = aModel("m", {
    memory: `${memoryMi}Mi`,
    replicas: count,
    ...(named === undefined ? {} : { server: named }),
  });
  world.putResource(model);
  return { world, model };
}

const explain = (world: WorldStore, model: ModelResource) =>
  explainModel(world, model, { kind: "Model", group: model.group, name: model.name }, now);

describe("explain", () => {
  test("agrees with place: what place chooses is possible, and when nothing is possible place finds nothing", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { world, model } = build(given, "forward");
        const { placed, lacking } = place(world, candidateOf(model), { wanted: given.count, held: 0 }, now);
        const view = explain(world, model);
        const possible = view.servers.flatMap(({ server: name, verdict, replicas }) =>
          verdict === "rejected"
            ? []
            : replicas.filter((one) => one.verdict === "possible").map((one) => `${name}/${one.replica}`),
        );
        const chosen = placed.map((one) => `${one.server.name}/${one.replica.index}`);
        for (const key of chosen) expect(possible).toContain(key);
        expect(chosen.length === 0).toBe(possible.length === 0);
        expect(lacking === null).toBe(chosen.length === given.count);
        if (lacking !== null) expect(view.summary).toContain(lacking.text);
      }),
      { numRuns: 300 },
    );
  });

  test("place never exceeds a replica's memory, nor takes another group's server, nor two servers", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { world, model } = build(given, "forward");
        const { placed } = place(world, candidateOf(model), { wanted: given.count, held: 0 }, now);
        expect(new Set(placed.map((one) => one.server.uid)).size).toBeLessThanOrEqual(1);
        for (const { server: on, replica: to } of placed) {
          expect(world.placedBytes(on.uid, to.index) + given.memoryMi * MI).toBeLessThanOrEqual(to.memoryBytes);
          expect(["platform", "default"]).toContain(on.group);
          expect(to.draining || !to.connected || to.modelServer?.ready !== true).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("equal worlds give equal answers, whatever the order they were built in", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const [one, two] = [build(given, "forward"), build(given, "backward")];
        const choice = (of: typeof one) =>
          place(of.world, candidateOf(of.model), { wanted: given.count, held: 0 }, now).placed.map((to) => [
            to.server.uid,
            to.replica.index,
          ]);
        expect(choice(two)).toEqual(choice(one));
        expect(explain(two.world, two.model)).toEqual(explain(one.world, one.model));
      }),
      { numRuns: 200 },
    );
  });

  test("names no model of another group and no server that the group may not use", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { world, model } = build(given, "forward");
        const text = JSON.stringify(explain(world, model));
        expect(text).not.toMatch(/tenant-|secret/);
        const hidden = given.servers.flatMap(({ group }, n) => (group === "other" ? [`"s${n}"`] : []));
        for (const name of hidden) if (name !== `"${given.named}"`) expect(text).not.toContain(`"server":${name}`);
      }),
      { numRuns: 200 },
    );
  });

  test("says of a model that is not there what it would say if it were, and leaves the world as it is", () => {
    fc.assert(
      fc.property(scene, (given) => {
        const { world, model } = build(given, "forward");
        const { server: only } = model.spec;
        const question = {
          group: model.group,
          memory: `${given.memoryMi}Mi`,
          format: "onnx",
          replicas: given.count,
          ...(only === undefined ? {} : { server: only }),
        };
        const { placed, lacking } = place(world, candidateOf(model), { wanted: given.count, held: 0 }, now);
        const before = world.placements.size;
        const view = explainFit(world, question, now);
        expect(view).toMatchObject({ fits: lacking === null, placeable: placed.length, wanted: given.count });
        expect(view.servers).toEqual(explain(world, model).servers);
        expect(view.summary).toContain(lacking?.text ?? `on server ${placed[0]?.server.name}`);
        expect(world.placements.size).toBe(before);
      }),
      { numRuns: 200 },
    );
  });

  test("counts the replicas of a model once, by its own numbers, before and after it is placed", () => {
    const world = new WorldStore();
    world.putResource(aServer("onnx", { replicas: 2 }));
    for (const index of [0, 1]) readyReplica(world, "onnx", index, 1000);
    const model = aModel("m", { memory: "100Mi", replicas: 3 });
    world.putResource(model);
    const said =
      "2 of 3 replicas are placed on server onnx: each replica of a model needs a replica of the server of its own; raise them with: slipway scale server onnx --replicas N";
    expect(place(world, candidateOf(model), { wanted: 3, held: 0 }, now).lacking?.text).toBe(said);
    for (const index of [0, 1]) {
      world.putPlacement({
        ...{ modelUid: model.uid, version: modelVersion(model.spec), serverUid: "onnx", replica: index, generation: 1 },
        ...{ memoryBytes: 100 * MI, state: "wanted", serving: null },
        load: { uri: "file:/m", format: "onnx", sha256: "", startTimeoutMs: 1, displayName: "m" },
      });
    }
    expect(explain(world, model).summary).toBe(said);
  });
});
