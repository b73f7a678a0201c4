import { type ExplainView, type FitQuestion, type FitView, memoryBytes } from "@slipway/contracts";
import { modelVersion } from "../snapshot/model-version.ts";
import type { ModelResource, Now, Problem } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";
import { type Candidate, candidateOf } from "./candidate.ts";
import { type EvaluatedServer, evaluate } from "./evaluate.ts";
import { place } from "./place.ts";

type Verdict = ExplainView["servers"][number]["verdict"];

/**
 * Says for each server that the model's group may know of, and each of its replicas, whether the model is there, could
 * be there, or which filter says no and by how much. Made of the same evaluation as `place`. Names no other model.
 */
export function explainModel(world: World, model: ModelResource, ref: ExplainView["ref"], now: Now): ExplainView {
  const candidate = candidateOf(model);
  const version = modelVersion(model.spec);
  const held = world
    .placementsOfModel(model.uid)
    .filter((placement) => placement.version === version && placement.state === "wanted");
  const wanted = model.deleting ? 0 : model.spec.replicas;
  const { lacking } = place(world, candidate, { wanted, held: held.length }, now);
  const chosen = new Set(held.map(({ serverUid, replica }) => `${serverUid}/${replica}`));
  const servers = explainServers(evaluate(world, candidate, now), chosen);
  const serverName = world.servers.get(held[0]?.serverUid ?? "")?.name ?? "";
  return {
    ref,
    summary: summarise({
      wanted,
      placed: held.length,
      server: serverName,
      lacking: world.facts.get(model.uid)?.failed ?? lacking,
    }),
    neededBytes: candidate.memoryBytes,
    wanted,
    placed: held.length,
    servers,
  };
}

/** Says of a model that is not there whether and where it would be placed now, by the same evaluation. */
export function explainFit(world: World, question: FitQuestion, now: Now): FitView {
  const candidate: Candidate = {
    modelUid: "",
    group: question.group,
    version: "",
    memoryBytes: memoryBytes(question.memory),
    capability: question.format,
    server: question.server ?? null,
  };
  const wanted = question.replicas;
  const { placed, lacking } = place(world, candidate, { wanted, held: 0 }, now);
  const where = placed[0]?.server.name ?? "";
  const servers = explainServers(evaluate(world, candidate, now), new Set());
  const room = `${placed.length} of ${wanted} replica${wanted === 1 ? "" : "s"}`;
  return {
    fits: lacking === null,
    summary: lacking === null ? `${room} would be placed on server ${where}.` : lacking.text,
    neededBytes: candidate.memoryBytes,
    wanted,
    placeable: placed.length,
    servers,
  };
}

/** Only of servers that the candidate's group may know of. */
function explainServers(evaluated: readonly EvaluatedServer[], chosen: ReadonlySet<string>): ExplainView["servers"] {
  return evaluated
    .filter(({ rejection }) => rejection?.filter !== "tenancy")
    .map((server) => explainServer(server, chosen));
}

function explainServer(evaluated: EvaluatedServer, chosen: ReadonlySet<string>): ExplainView["servers"][number] {
  const { server, rejection } = evaluated;
  const replicas = evaluated.replicas.map(({ view, rejection: no }) => {
    const isChosen = chosen.has(`${server.uid}/${view.replica.index}`);
    return {
      replica: view.replica.index,
      verdict: verdictOf(isChosen, no !== null),
      filter: isChosen ? null : (no?.filter ?? null),
      reason: isChosen ? "holds it" : (no?.problem.text ?? "has room for it"),
      freeBytes: view.freeBytes,
    };
  });
  const best =
    replicas.find(({ verdict }) => verdict === "chosen") ?? replicas.find(({ verdict }) => verdict === "possible");
  const first = replicas[0];
  return {
    server: server.name,
    verdict: rejection === null ? (best?.verdict ?? "rejected") : "rejected",
    filter: rejection?.filter ?? (best === undefined ? (first?.filter ?? null) : null),
    reason: rejection?.problem.text ?? best?.reason ?? first?.reason ?? "has no replica",
    replicas,
  };
}

function verdictOf(isChosen: boolean, isRejected: boolean): Verdict {
  if (isChosen) return "chosen";
  return isRejected ? "rejected" : "possible";
}

function summarise(of: { wanted: number; placed: number; server: string; lacking: Problem | null }): string {
  const { wanted, placed, server, lacking } = of;
  if (wanted === 0) return placed === 0 ? "It is asked for on no replica." : "It is on its way off its replicas.";
  // This one counts replicas itself.
  if (lacking?.code === "placement/too_few_replicas") return lacking.text;
  const where = placed > 0 ? ` on server ${server}` : "";
  const state = `${placed} of ${wanted} replica${wanted === 1 ? "" : "s"} placed${where}`;
  return lacking === null ? `${state}.` : `${state}: ${lacking.text}`;
}
