import { place } from "../placement/place.ts";
import { problem } from "../placement/verdict.ts";
import { modelVersionKey, placementKey, replicaKey } from "../snapshot/keys.ts";
import { addressesOf } from "../snapshot/replica-liveness.ts";
import type { ModelFacts, ModelResource, Now, Placement, Problem, Rollout } from "../snapshot/types.ts";
import type { World } from "../snapshot/world.ts";
import type { ModelPlan } from "./model-plan.ts";
import {
  adjusted,
  attemptOf,
  bySpare,
  type Desired,
  desiredOf,
  emptyRollout,
  isGood,
  isSame,
  isServerGoing,
  RETRY_AFTER_FAILURE_MS,
  type Survey,
  stableOf,
  surveyPlacements,
} from "./survey-model.ts";

/**
 * Plans what one model needs: load the new beside the old, retire the old only as far as the new answers, let go what
 * routers released, and put back the version that served when a new one fails. Pure: the same world and time give the
 * same plan. Never plans more replicas than asked for, nor a replica over its memory.
 */
export function reconcileModel(world: World, model: ModelResource, now: Now): ModelPlan {
  const survey = surveyPlacements(world, model.uid, now);
  const before = world.rollouts.get(model.uid) ?? emptyRollout(model.uid);
  const desired = desiredOf(world, model);
  const attempt = attemptOf(model);
  const failing = findFailures(world, survey.wanted, { desired, rollout: before }, now);
  const failed = failing.verdict ?? (before.failedGeneration === attempt ? before.failure : null);
  const main = failed === null ? desired : fallback(model, before, desired);
  const healthy = survey.wanted.filter((placement) => !failing.placements.has(placement));

  const mayLoad = failed === null || main !== desired;
  const answering = healthy.filter((placement) => isGood(world, placement, main));
  const revived = mayLoad ? revive(world, survey, main, answering) : [];
  const leaving = survey.leaving.length - revived.length;
  const good = [...answering, ...revived];
  const old = healthy.filter((placement) => !good.includes(placement));
  const excess = [...good].sort(bySpare(world, now)).slice(0, Math.max(0, good.length - main.wanted));
  const kept = good.filter((placement) => !excess.includes(placement));
  const counts = { wanted: main.wanted, held: kept.length };
  const found = mayLoad ? place(world, main.candidate, counts, now) : { placed: [], lacking: null };
  const load = found.placed.map(({ server, replica }) => newPlacement(main, server.uid, replica.index));
  const leaveNow = retirable(world, { kept, load, old, main, leaving }, now);

  const plan: ModelPlan = {
    load,
    adjust: kept.flatMap((placement) => {
      const next = adjusted(world, placement, main, now);
      return isSame(next, placement) && !revived.includes(placement) ? [] : [next];
    }),
    retire: [...excess, ...leaveNow].filter(({ serving }) => serving !== null),
    unload: [
      ...survey.unload,
      ...failing.placements.keys(),
      ...[...excess, ...leaveNow].filter(({ serving }) => serving === null),
    ],
    drop: survey.drop,
    failures: failing.retry,
    rollout: null,
    resolution: findResolution(world, kept, main),
    results: [],
    events: [],
    facts: collectFacts(
      world,
      { attempt, desired, main, kept, load, old, leaveNow, survey, leaving, failed, lacking: found.lacking },
      now,
    ),
    againMs: earliest([
      survey.againMs,
      ...failing.retry.map(({ untilMs }) => untilMs),
      failedUntil(world, model, desired, now),
    ]),
    finished: model.deleting && survey.wanted.length + survey.leaving.length + survey.unload.length === 0,
  };
  return conclude(plan, { world, model, before, desired, attempt, failed, newlyFailed: failing.verdict });
}

/**
 * Placements of the version that is asked for (again) and that nobody has let go yet: they serve on at once, without a load.
 * All on one server, that of the replicas which answer.
 */
function revive(world: World, { leaving }: Survey, main: Desired, answering: readonly Placement[]): Placement[] {
  const options = leaving
    .filter((placement) => placement.state === "retiring" && isGood(world, placement, main))
    .sort((a, b) => a.replica - b.replica);
  const serverUid = (answering[0] ?? options[0])?.serverUid;
  return options
    .filter((placement) => placement.serverUid === serverUid)
    .slice(0, Math.max(0, main.wanted - answering.length))
    .map((placement) => ({ ...placement, state: "wanted" }));
}

type Failing = {
  /** Placements that failed and must leave. */
  placements: Map<Placement, Problem>;
  retry: ModelPlan["failures"];
  /** Why the attempt as a whole has failed; null when it has not (or had before). */
  verdict: Problem | null;
};

/** A version that never served fails for good; one that has is tried again later, unless it crashes its server. */
function findFailures(
  world: World,
  wanted: readonly Placement[],
  of: { desired: Desired; rollout: Rollout },
  now: Now,
): Failing {
  const { desired, rollout } = of;
  const failing: Failing = { placements: new Map(), retry: [], verdict: null };
  for (const placement of wanted) {
    const report = world.reportOf(placement);
    if (report?.state !== "failed") continue;
    const cause = report.problem ?? problem("model/failed", { detail: "its agent does not say why" });
    failing.placements.set(placement, cause);
    const isTarget = placement.version === desired.candidate.version;
    const isQuarantined = cause.code === "model/quarantined" || cause.code === "model/hung";
    if (isTarget && (isQuarantined || rollout.stableVersion !== placement.version)) failing.verdict ??= cause;
    else {
      const restMs = isQuarantined ? Number.POSITIVE_INFINITY : RETRY_AFTER_FAILURE_MS;
      failing.retry.push({ placement, problem: cause, untilMs: now.monotonicMs + restMs });
    }
  }
  return failing;
}

/** What runs while the attempt has failed: the version before it, if that is another one. */
function fallback(model: ModelResource, rollout: Rollout, desired: Desired): Desired {
  const stable = stableOf(model, rollout);
  return stable === null || stable.candidate.version === desired.candidate.version ? desired : stable;
}

function newPlacement(main: Desired, serverUid: string, replica: number): Placement {
  return {
    modelUid: main.candidate.modelUid,
    version: main.candidate.version,
    serverUid,
    replica,
    generation: main.generation,
    memoryBytes: main.candidate.memoryBytes,
    state: "wanted",
    load: main.load,
    serving: null,
  };
}

/**
 * Which old placements can go now. While anything new is on its way or memory is being freed, as many replicas answer as
 * before (at most as many as asked for); when nothing more can come, what answers newly is enough.
 */
function retirable(
  world: World,
  of: { kept: Placement[]; load: Placement[]; old: Placement[]; main: Desired; leaving: number },
  now: Now,
): Placement[] {
  const { kept, load, old, main, leaving } = of;
  const answers = (placement: Placement) => addressesOf(world, placement, now) !== null;
  const mustGo = old.filter((placement) => main.wanted === 0 || isServerGoing(world, placement) || !answers(placement));
  const serving = old.filter((placement) => !mustGo.includes(placement)).sort(bySpare(world, now));
  const readyNew = kept.filter(answers).length;
  const moreToCome = load.length > 0 || readyNew < kept.length || leaving > 0;
  const floor = moreToCome ? main.wanted : readyNew > 0 ? Math.min(main.wanted, readyNew) : Number.POSITIVE_INFINITY;
  const spare = Math.max(0, readyNew + serving.length - floor);
  return [...mustGo, ...serving.slice(0, spare)];
}

function findResolution(world: World, kept: readonly Placement[], main: Desired): ModelPlan["resolution"] {
  const { modelUid, version } = main.candidate;
  if (world.resolutions.has(modelVersionKey(modelUid, version))) return null;
  for (const placement of kept) {
    const report = world.reportOf(placement);
    if (report?.state === "ready" && report.sha256 !== "") return { version, sha256: report.sha256 };
  }
  return null;
}

type FactsInput = {
  attempt: number;
  desired: Desired;
  main: Desired;
  kept: Placement[];
  load: Placement[];
  old: Placement[];
  leaveNow: Placement[];
  survey: Survey;
  /** Placements that are leaving and stay so. */
  leaving: number;
  failed: Problem | null;
  lacking: Problem | null;
};

function collectFacts(world: World, of: FactsInput, now: Now): ModelFacts {
  const { attempt, desired, main, kept, load, old, leaveNow, survey, failed, lacking } = of;
  const answering = (placements: readonly Placement[]) =>
    placements.filter((placement) => addressesOf(world, placement, now) !== null);
  const ready = answering(kept);
  const oldReady = answering(old.filter((placement) => !leaveNow.includes(placement)));
  const isTarget = main === desired;
  const reports = kept.map((placement) => world.reportOf(placement)?.state);
  const rollout = world.rollouts.get(desired.candidate.modelUid);
  const stays = old.length - leaveNow.length;
  const promoted =
    failed === null && main.wanted > 0 && ready.length > 0 && stays === 0 && ready.length === kept.length + load.length;
  return {
    attempt,
    version: desired.candidate.version,
    wanted: main.wanted,
    placed: isTarget ? kept.length + load.length : 0,
    starting: kept.length + load.length - ready.length,
    readyNew: isTarget ? ready.length : 0,
    ready: Math.min(Math.max(main.wanted, ready.length), ready.length + oldReady.length),
    leaving: of.leaving + survey.unload.length + leaveNow.length,
    fetching: reports.includes("fetching"),
    fetched: isTarget && reports.some((state) => state === "loading" || state === "ready"),
    promoted,
    servingGeneration: servingGeneration({
      promoted,
      attempt,
      ready: ready.length,
      oldReady: oldReady.length,
      isTarget,
      rollout,
    }),
    failed,
    lacking,
    broken: findBroken(world, kept),
    signatureJson: signatureOf(world, [...kept, ...old]),
  };
}

function servingGeneration(of: {
  promoted: boolean;
  attempt: number;
  ready: number;
  oldReady: number;
  isTarget: boolean;
  rollout: Rollout | undefined;
}): number | null {
  if (of.promoted || (of.isTarget && of.ready > 0 && of.oldReady === 0)) return of.attempt;
  return of.ready + of.oldReady > 0 ? (of.rollout?.stableGeneration ?? null) : null;
}

function findBroken(world: World, kept: readonly Placement[]): Problem | null {
  for (const placement of kept) {
    const replica = world.replicas.get(replicaKey(placement.serverUid, placement.replica));
    const server = world.servers.get(placement.serverUid);
    if (replica === undefined || server === undefined || !replica.seen || replica.modelServer?.ready !== false)
      continue;
    const detail = replica.modelServer.reason || "its model server does not answer";
    return problem("server/not_ready", { server: server.name, detail });
  }
  return null;
}

function signatureOf(world: World, placements: readonly Placement[]): string {
  for (const placement of placements) {
    const report = world.reportOf(placement);
    if (report !== undefined && report.signatureJson !== "") return report.signatureJson;
  }
  return "";
}

/** When a replica that is left in peace may be tried again; null when none is. */
function failedUntil(world: World, model: ModelResource, desired: Desired, now: Now): number | null {
  if (!world.waiting.has(model.uid)) return null;
  let until: number | null = null;
  for (const server of world.servers.values()) {
    for (const replica of world.replicasOfServer(server.uid)) {
      const { modelUid, version } = desired.candidate;
      const failure = world.failures.get(
        placementKey({ modelUid, version, serverUid: server.uid, replica: replica.index }),
      );
      if (failure !== undefined && failure.untilMs > now.monotonicMs) until = earliest([until, failure.untilMs]);
    }
  }
  return until;
}

/** Adds what follows from the steps: where the rollout stands, how the revision ended, what to tell people. */
function conclude(
  plan: ModelPlan,
  of: {
    world: World;
    model: ModelResource;
    before: Rollout;
    desired: Desired;
    attempt: number;
    failed: Problem | null;
    newlyFailed: Problem | null;
  },
): ModelPlan {
  const { world, model, before, desired, attempt, failed, newlyFailed } = of;
  const about = model.ownerUid ?? model.uid;
  const { facts } = plan;
  let next: Rollout = before;
  if (failed !== null) {
    next = { ...before, targetGeneration: null, targetVersion: null, failedGeneration: attempt, failure: failed };
  } else if (facts.promoted) {
    const { sha256 } = desired.load;
    const digest = plan.resolution?.sha256 ?? sha256;
    next = {
      uid: model.uid,
      stableGeneration: attempt,
      stableVersion: facts.version,
      stableLoad: { ...desired.load, sha256: digest, memoryBytes: desired.candidate.memoryBytes },
      targetGeneration: null,
      targetVersion: null,
      failedGeneration: null,
      failure: null,
    };
  } else if (facts.wanted > 0 && before.stableGeneration !== attempt) {
    next = {
      ...before,
      targetGeneration: attempt,
      targetVersion: facts.version,
      failedGeneration: null,
      failure: null,
    };
  }
  if (JSON.stringify(next) !== JSON.stringify(before)) plan.rollout = next;
  if (newlyFailed !== null) {
    plan.results.push({ uid: about, generation: attempt, result: "failed" });
    plan.events.push({ uid: about, reason: "LoadFailed", severity: "warning", message: newlyFailed.text });
  }
  if (next.stableGeneration === attempt && before.stableGeneration !== attempt) {
    plan.results.push({ uid: about, generation: attempt, result: "succeeded" });
    plan.events.push({
      uid: about,
      reason: "Loaded",
      severity: "info",
      message: `Generation ${attempt} answers on ${describe(world, model)}.`,
    });
  }
  for (const { problem: cause } of plan.failures) {
    plan.events.push({ uid: about, reason: "ReplicaFailed", severity: "warning", message: cause.text });
  }
  if (plan.load.length > 0) {
    const server = world.servers.get(plan.load[0]?.serverUid ?? "")?.name ?? "";
    const replicas = plan.load.map(({ replica }) => replica).join(", ");
    plan.events.push({
      uid: about,
      reason: "Placed",
      severity: "info",
      message: `Placed on server ${server}, replica ${replicas}.`,
    });
  }
  if (facts.lacking !== null && failed === null && !world.waiting.has(model.uid)) {
    plan.events.push({ uid: about, reason: "NotPlaced", severity: "warning", message: facts.lacking.text });
  }
  return plan;
}

function describe(world: World, model: ModelResource): string {
  const names = new Set(
    world.placementsOfModel(model.uid).map(({ serverUid }) => world.servers.get(serverUid)?.name ?? ""),
  );
  return `server ${[...names].sort().join(", ")}`;
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time): time is number => time !== null && Number.isFinite(time));
  return known.length === 0 ? null : Math.min(...known);
}
