import { PLATFORM_GROUP, type ServerReplicasView, SlipwayError } from "@slipway/contracts";
import { authorise } from "../actor.ts";
import type { SchedulerContext } from "../context.ts";

const EVERY_GROUP = "*";

export type ListServerReplicas = {
  /** Servers that models of this group may be placed on, and whose models are named; `*` = every group. */
  group: string;
};

export type ReadServerReplicas = {
  /** The server. */
  group: string;
  name: string;
  /** The group whose models are named; `*` = every group. */
  modelsOf: string;
};

/** What each server that a group may use consists of and holds. Models of other groups are only counted. @throws scheduler/no_leader */
export function listServerReplicas(
  ctx: SchedulerContext,
  { group }: ListServerReplicas,
  signal: AbortSignal,
): Promise<ServerReplicasView[]> {
  authorise(ctx.actor, "resource.read");
  const groups = group === EVERY_GROUP ? [EVERY_GROUP] : [...new Set([PLATFORM_GROUP, group])];
  return ctx.scheduler.replicas({ groups, modelsOf: group }, signal);
}

/** What one server consists of and holds. @throws resource/not_found, scheduler/no_leader */
export async function readServerReplicas(
  ctx: SchedulerContext,
  { group, name, modelsOf }: ReadServerReplicas,
  signal: AbortSignal,
): Promise<ServerReplicasView> {
  authorise(ctx.actor, "resource.read");
  const [found] = await ctx.scheduler.replicas({ groups: [group], server: name, modelsOf }, signal);
  if (found === undefined) throw new SlipwayError("resource/not_found", { kind: "Server", name });
  return found;
}
