import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { target } from "../testing/test-gateway.ts";
import { type TargetAccount, TargetLedger } from "./target-ledger.ts";

describe("the ledger of targets", () => {
  test("releases a target exactly when no route names it and nothing is in flight there, whatever happens before", () => {
    const step = fc.record({ replica: fc.nat(2), action: fc.constantFrom("hold", "drop", "begin", "end") });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const released: string[] = [];
        const ledger = new TargetLedger(({ id }) => released.push(id));
        const held = new Map<number, { account: TargetAccount; routes: number; flights: number }>();
        let expected = 0;
        for (const { replica, action } of steps) {
          const known = held.get(replica);
          if (action === "hold") {
            const account = ledger.hold(target("127.0.0.1:1", { replica }));
            held.set(replica, { account, routes: (known?.routes ?? 0) + 1, flights: known?.flights ?? 0 });
            continue;
          }
          if (known === undefined) continue;
          if (action === "drop" && known.routes > 0) {
            known.routes -= 1;
            ledger.drop(known.account);
          } else if (action === "begin" && known.routes > 0) {
            known.flights += 1;
            ledger.begin(known.account);
          } else if (action === "end" && known.flights > 0) {
            known.flights -= 1;
            ledger.end(known.account);
          }
          if (known.routes === 0 && known.flights === 0) {
            expected += 1;
            held.delete(replica);
          }
          expect(released).toHaveLength(expected);
        }
        expect(ledger.draining).toBe([...held.values()].filter(({ routes }) => routes === 0).length);
      }),
    );
  });
});
