import { type LogAnswer, logQuery, SlipwayError } from "@slipway/contracts";
import { type FleetDriver, type LogScope, replicaId } from "@slipway/fleet";
import type { LogsRequest } from "@slipway/rpc/control/query";
import type { Leadership } from "../leader/leadership.ts";
import type { WorldResource } from "../snapshot/types.ts";
import { findResource } from "./explain-resource.ts";

/**
 * Answers a question about the logs of the replicas that hold an object or held it. Of a server, its owner sees every
 * line; of a deployment or a model, its own lines and those of the process that name no other model.
 * @throws resource/not_found, request/invalid, logs/search_too_slow
 */
export async function readLogs(
  leadership: Leadership,
  driver: FleetDriver,
  { resource: key, queryJson }: LogsRequest,
  signal: AbortSignal,
): Promise<LogAnswer> {
  const { group = "", kind = "", name = "" } = key ?? {};
  const { resource } = findResource(leadership.planner.world, {
    $typeName: "slipway.control.v1.ResourceKey",
    group,
    kind,
    name,
  });
  const query = logQuery.safeParse(JSON.parse(queryJson));
  if (!query.success) throw new SlipwayError("request/invalid", { problem: "The question about logs is not valid." });
  return driver.readLogs(await scopeOf(leadership, driver, resource), query.data, signal);
}

/** Whose lines a reader of an object may see. What a line says of whose it is decides; the rest is where to look. */
async function scopeOf(leadership: Leadership, driver: FleetDriver, resource: WorldResource): Promise<LogScope> {
  const { world } = leadership.planner;
  const kept = await driver.replicasWithLogs();
  if (resource.kind === "Server") {
    const here = new Set(world.replicasOfServer(resource.uid).map(({ index }) => index));
    const own = kept.filter(({ group, server }) => group === resource.group && server === resource.name);
    const replicas = own.map((key) => ({ key, isHere: here.has(key.replica), isShared: false }));
    return { replicas, modelUids: null };
  }
  const modelUids = resource.kind === "Model" ? [resource.uid] : world.children(resource.uid).map(({ uid }) => uid);
  const here = new Set(
    modelUids.flatMap((uid) =>
      world.placementsOfModel(uid).flatMap(({ serverUid, replica }) => {
        const server = world.servers.get(serverUid);
        return server === undefined ? [] : [replicaId({ group: server.group, server: server.name, replica })];
      }),
    ),
  );
  const replicas = kept.map((key) => ({
    key,
    isHere: here.has(replicaId(key)),
    isShared: key.group !== resource.group,
  }));
  return { replicas, modelUids };
}
