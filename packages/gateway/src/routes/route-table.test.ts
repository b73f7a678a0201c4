import { toBinary } from "@bufbuild/protobuf";
import { RouteSchema } from "@slipway/rpc/control/router";
import { createRegistry, silentLogger, systemClock } from "@slipway/service-kit";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatewayMetrics } from "../metrics.ts";
import { CallRecords } from "../record/call-records.ts";
import { route, token } from "../testing/test-gateway.ts";
import { RouteBook, type RouteEntry } from "./route-book.ts";

function book(): RouteBook {
  const metrics = new GatewayMetrics(createRegistry("test"));
  return new RouteBook({
    clock: systemClock,
    logger: silentLogger,
    metrics,
    records: new CallRecords(metrics),
    onReleased: () => undefined,
  });
}

function entryOf(deployment: string, timeoutMs: number): RouteEntry {
  const value = route([], {
    deployment,
    timeoutMs: BigInt(timeoutMs),
    tokens: [token("c", `${deployment}-${timeoutMs}`)],
  });
  return { key: value.key, value, bytes: toBinary(RouteSchema, value) };
}

describe("the route table", () => {
  test("equals the set that was sent, whatever changed in which order, and never changes under a reader", () => {
    const names = fc.constantFrom("a", "b", "c", "d", "e");
    const change = fc.record({ upsert: fc.dictionary(names, fc.integer({ min: 1, max: 9 })), remove: fc.array(names) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        const routes = book();
        const entries = new Map<string, RouteEntry>();
        let version = 0n;
        for (const { upsert, remove } of changes) {
          const before = routes.table;
          const seen = before === null ? [] : [...before.values()];
          const changed = new Set<string>();
          for (const name of remove) {
            entries.delete(`default/${name}`);
            changed.add(`default/${name}`);
          }
          for (const [name, timeoutMs] of Object.entries(upsert)) {
            entries.set(`default/${name}`, entryOf(name, timeoutMs));
            changed.add(`default/${name}`);
          }
          version += 1n;
          routes.apply({ epoch: 1n, version, entries, changed });
          expect(before === null ? [] : [...before.values()]).toEqual(seen);
          const now = Object.fromEntries(
            [...(routes.table?.values() ?? [])].map(({ key, timeoutMs }) => [key, timeoutMs]),
          );
          expect(now).toEqual(
            Object.fromEntries([...entries].map(([key, { value }]) => [key, Number(value.timeoutMs)])),
          );
          expect(routes.table?.size).toBe(entries.size);
          for (const compiled of routes.table?.values() ?? []) {
            for (const hmac of compiled.tokens.keys()) expect(routes.tokensOf(hmac)).toHaveLength(1);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test("keeps the very same route where nothing changed, also when everything is sent again", () => {
    const routes = book();
    const entries = new Map([entryOf("a", 1), entryOf("b", 1)].map((entry) => [entry.key, entry]));
    routes.apply({ epoch: 1n, version: 1n, entries, changed: null });
    const [a, b] = [routes.table?.get("default/a"), routes.table?.get("default/b")];
    const again = new Map([entryOf("a", 1), entryOf("b", 2)].map((entry) => [entry.key, entry]));
    routes.apply({ epoch: 2n, version: 1n, entries: again, changed: null });
    expect(routes.table?.get("default/a")).toBe(a);
    expect(routes.table?.get("default/b")).not.toBe(b);
  });
});
