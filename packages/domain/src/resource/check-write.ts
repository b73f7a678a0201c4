import { type ResourceRef, SlipwayError } from "@slipway/contracts";
import type { Actor } from "../actor.ts";
import type { ResourceRow } from "./resource-row.ts";

/** What a writer last saw of a resource; a field that is unsaid is not compared. Version 0 = there was none. */
export type Expected = { uid?: string | undefined; version?: number | undefined };

/**
 * Refuses a write to a resource that is on its way out, that belongs to another one, or that is not as the writer saw it.
 * `current` null = there is no such resource.
 * @throws resource/still_deleting, resource/owned, resource/name_taken, resource/conflict naming what was seen and what is
 */
export function checkWrite(actor: Actor, ref: ResourceRef, current: ResourceRow | null, expected: Expected): void {
  const { kind, name } = ref;
  if (current === null) {
    if (expected.uid === undefined) return;
    throw new SlipwayError("resource/conflict", { kind, name, expected: describe(expected), actual: "deleted" });
  }
  if (current.deletedAt !== null) throw new SlipwayError("resource/still_deleting", { kind, name });
  if (current.ownerUid !== null && actor.kind !== "scheduler") {
    const owner = current.ownerName === null ? "another resource" : `${current.ownerKind} ${current.ownerName}`;
    throw new SlipwayError("resource/owned", { kind, name, owner });
  }
  if (expected.version === 0) {
    throw new SlipwayError("resource/name_taken", { kind, name }, { field: "metadata.name" });
  }
  const sameUid = expected.uid === undefined || expected.uid === current.uid;
  const sameVersion = expected.version === undefined || expected.version === current.version;
  if (!sameUid || !sameVersion) {
    const actual = describe(sameUid ? { ...current, uid: undefined } : current);
    throw new SlipwayError("resource/conflict", {
      kind,
      name,
      expected: describe(sameUid ? { version: expected.version } : expected),
      actual,
    });
  }
}

function describe({ uid, version }: Expected): string {
  const parts = [version === undefined ? [] : `version ${version}`, uid === undefined ? [] : `uid ${uid}`].flat();
  return parts.join(" of ");
}
