import { type Db, type Tx, withEpoch } from "@slipway/db";
import {
  deleteChildren,
  finishDelete,
  type RevisionOutcome,
  recordEvents,
  type Writer,
  writeChildren,
  writeRevisionOutcomes,
  writeStatuses,
} from "@slipway/domain";
import type { Batch } from "../planner/batch.ts";
import type { Placement, PlacementKey, Rollout } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";

/** What the database made of a batch: uids of resources to read again, and of those whose rows are gone. */
export type Stored = { changed: string[]; gone: string[] };

/**
 * The only way in which the scheduler writes: one short transaction, fenced by the leader's epoch, with everything that a
 * step decided. @throws scheduler/stale_epoch when another leader took over; nothing was written then
 */
export async function writeBatch(db: Db, epoch: bigint, writer: Writer, batch: Batch, world: World): Promise<Stored> {
  return withEpoch(db, epoch, async (tx) => {
    const written = await writeChildren(
      tx,
      writer,
      batch.writeChildren.map(({ owner, child }) => ({
        group: owner.group,
        kind: "Model",
        name: child.name,
        spec: child.spec,
        owner: { uid: owner.uid, generation: owner.generation },
      })),
    );
    const removed = batch.removeChildren.map(({ uid }) => uid);
    if (removed.length > 0) await deleteChildren(tx, writer, removed);
    await removePlacements(tx, [...batch.removedPlacements.values()]);
    await putPlacements(tx, [...batch.placements.values()]);
    await putRollouts(tx, [...batch.rollouts.values()]);
    await writeRevisionOutcomes(tx, writer, outcomesOf(batch));
    await writeStatuses(tx, writer, batch.statuses);
    await recordEvents(tx, writer.random, eventsOf(batch, world));
    const finished = batch.finished.map(({ uid }) => uid);
    const gone = finished.length === 0 ? [] : await finishDelete(tx, writer, finished);
    return { changed: [...written.map(({ row }) => row.uid), ...removed], gone };
  });
}

async function putPlacements(tx: Tx, placements: readonly Placement[]): Promise<void> {
  if (placements.length === 0) return;
  await tx.query(
    `INSERT INTO placement (model_uid, version, server_uid, replica, generation, memory_bytes, state, load, serving)
     SELECT "modelUid", version, "serverUid", replica, generation, "memoryBytes", state, load, nullif(serving, 'null')
     FROM jsonb_to_recordset($1::jsonb) AS x("modelUid" uuid, version text, "serverUid" uuid, replica int,
       generation int, "memoryBytes" bigint, state text, load jsonb, serving jsonb)
     ON CONFLICT (model_uid, version, server_uid, replica) DO UPDATE SET generation = excluded.generation,
       memory_bytes = excluded.memory_bytes, state = excluded.state, load = excluded.load, serving = excluded.serving`,
    [JSON.stringify(placements)],
  );
}

async function removePlacements(tx: Tx, keys: readonly PlacementKey[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.query(
    `DELETE FROM placement p USING jsonb_to_recordset($1::jsonb)
       AS x("modelUid" uuid, version text, "serverUid" uuid, replica int)
     WHERE p.model_uid = x."modelUid" AND p.version = x.version AND p.server_uid = x."serverUid" AND p.replica = x.replica`,
    [JSON.stringify(keys)],
  );
}

async function putRollouts(tx: Tx, rollouts: readonly Rollout[]): Promise<void> {
  if (rollouts.length === 0) return;
  await tx.query(
    `INSERT INTO rollout (uid, stable_generation, stable_version, stable_load, target_generation, target_version,
       failed_generation, failure)
     SELECT uid, "stableGeneration", "stableVersion", nullif("stableLoad", 'null'), "targetGeneration", "targetVersion",
       "failedGeneration", nullif(failure, 'null')
     FROM jsonb_to_recordset($1::jsonb) AS x(uid uuid, "stableGeneration" int, "stableVersion" text, "stableLoad" jsonb,
       "targetGeneration" int, "targetVersion" text, "failedGeneration" int, failure jsonb)
     ON CONFLICT (uid) DO UPDATE SET stable_generation = excluded.stable_generation,
       stable_version = excluded.stable_version, stable_load = excluded.stable_load,
       target_generation = excluded.target_generation, target_version = excluded.target_version,
       failed_generation = excluded.failed_generation, failure = excluded.failure, updated_at = now()`,
    [JSON.stringify(rollouts)],
  );
}

/** Results of generations, and the digests that artifacts had: at the model by itself, at its owner by variant. */
function outcomesOf(batch: Batch): RevisionOutcome[] {
  const resolutions = batch.resolutions.flatMap(({ model, sha256 }): RevisionOutcome[] => {
    const own = { uid: model.uid, generation: model.generation, resolution: { sha256 } };
    if (model.ownerUid === null || model.ownerGeneration === null) return [own];
    const variant = model.name.slice(model.name.indexOf(".") + 1);
    return [own, { uid: model.ownerUid, generation: model.ownerGeneration, resolution: { [variant]: { sha256 } } }];
  });
  // One row for each generation: a statement updates a row only once.
  const merged = new Map<string, RevisionOutcome>();
  for (const outcome of [...resolutions, ...batch.results]) {
    const key = `${outcome.uid}/${outcome.generation}`;
    merged.set(key, { ...merged.get(key), ...outcome });
  }
  return [...merged.values()];
}

function eventsOf(batch: Batch, world: World) {
  return batch.events.flatMap((event) => {
    const about = world.resource(event.uid);
    return about === undefined ? [] : [{ ...event, group: about.group, kind: about.kind, name: about.name }];
  });
}
