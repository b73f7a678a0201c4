import type { Db } from "@slipway/db";
import { applyManifests, type Context, systemRandom } from "@slipway/domain";
import { systemClock } from "@slipway/service-kit";

/** The context of somebody who may do everything, for tests and benches. */
export function adminContext(db: Db): Context {
  return {
    actor: { kind: "local-admin" },
    db,
    clock: systemClock,
    random: systemRandom,
    requestId: "req_schedulertest",
  };
}

/** Stores what a manifest says, as an apply would. */
export function store(db: Db, manifest: string) {
  return applyManifests(adminContext(db), { manifest, source: "api" });
}
