import { SlipwayError } from "@slipway/contracts";
import type { Tensor } from "@slipway/inference";
import { isOver, type RunEnd } from "./run-end.ts";
import { type Runner, RunnerGone, startRunner } from "./runner.ts";
import type { OpenInput } from "./runner-messages.ts";

/** How long a run that nobody waits for any more may go on before its process is ended. */
const GRACE_MS = 1_500;
/** A run that takes longer than this takes its runner with it: the group starts another one for the rest. */
export const LONG_RUN_MS = 1_000;
const LOOK_EVERY_MS = 100;
/** A run older than this makes a group that may grow do so, before anybody has to wait. */
const GROW_AFTER_MS = 50;
/** A runner that lived for less than this is replaced only after as long, so that no start is tried in a circle. */
const SHORT_LIFE_MS = 1_000;

/** A run that was ended by force. */
export type EndedRun = { key: string; ranMs: number; isPastDeadline: boolean };
export type GroupEvents = {
  /** A run has gone on for long and goes on. The group has given its runner up to it. */
  onLongRun: (key: string) => void;
  onRunEnded: (run: EndedRun) => void;
  /** A run ended the process that it was in. */
  onCrash: (key: string, how: string) => void;
};
export type GroupOptions = {
  /** The most processes that take runs. */
  size: number;
  /** Whether a long run leaves the group, with its runner. */
  isShared: boolean;
  /** How long a run may take that has no deadline. */
  runTimeoutMs: number;
};

/** The model was closed here before the run began; nothing of it was run. */
export class ModelClosed extends Error {
  override readonly name = "ModelClosed";
}

/**
 * Runners that hold the same models. Each does one thing after the other; a run that nobody waits for is ended, with its
 * process, and the process is replaced while others serve.
 */
export type RunnerGroup = {
  /** Resolves when one runner holds it; others open it when they have nothing to run. @throws SlipwayError model/corrupt */
  open(input: OpenInput): Promise<void>;
  /** @throws SlipwayError model/failed, model/crashed, model/timeout, request/cancelled; ModelClosed */
  run(key: string, inputs: readonly Tensor[], outputs: readonly string[], end: RunEnd): Promise<Tensor[]>;
  /**
   * Takes a model out; what waits for a run of it is rejected with ModelClosed. A run of it under way goes on, unless
   * `byForce`. Resolves when its memory is free, but for a runner that a long run took along.
   */
  close(key: string, how?: { byForce: boolean }): Promise<void>;
  /** Ends all runners, whatever they do. */
  stop(): Promise<void>;
};

type WaitingRun = {
  key: string;
  inputs: readonly Tensor[];
  outputs: readonly string[];
  end: RunEnd;
  resolve: (outputs: Tensor[]) => void;
  reject: (error: unknown) => void;
};
type ActiveRun = { run: WaitingRun; startedMs: number; overSinceMs: number | null; isLong: boolean; isKilled: boolean };
type Slot = {
  readonly runner: Runner;
  readonly startedMs: number;
  readonly holds: Set<string>;
  /** What it does now; null while it is idle. */
  busy: Promise<void> | null;
  active: ActiveRun | null;
  /** It takes no more runs, and ends with the one that it has. */
  isLeaving: boolean;
};
type Model = { input: OpenInput; opened: PromiseWithResolvers<void>; isOpened: boolean };

export function createRunnerGroup(options: GroupOptions, events: GroupEvents): RunnerGroup {
  const { size, isShared, runTimeoutMs } = options;
  const models = new Map<string, Model>();
  const slots = new Set<Slot>();
  let queue: WaitingRun[] = [];
  let looking: NodeJS.Timeout | null = null;
  let restarting: NodeJS.Timeout | null = null;
  let isStopped = false;

  const working = () => [...slots].filter((slot) => !slot.isLeaving);

  function startSlot(): void {
    const slot: Slot = {
      runner: startRunner((how) => lost(slot, how)),
      startedMs: performance.now(),
      holds: new Set(),
      busy: null,
      active: null,
      isLeaving: false,
    };
    slots.add(slot);
  }

  /** At least one runner while there are models, and one more while none is free. */
  function grow(): void {
    if (isStopped || models.size === 0 || restarting !== null) return;
    const present = working();
    const nowMs = performance.now();
    const isFree = present.some(
      ({ active }) => active === null || (queue.length === 0 && nowMs - active.startedMs < GROW_AFTER_MS),
    );
    if (present.length === 0 || (!isFree && present.length < size)) startSlot();
  }

  function lost(slot: Slot, how: string): void {
    slots.delete(slot);
    const active = slot.active;
    if (active !== null) {
      slot.active = null;
      const { run, startedMs, isKilled } = active;
      const ranMs = performance.now() - startedMs;
      if (isKilled) {
        const isPastDeadline = endOf(active) <= performance.now();
        run.reject(isPastDeadline ? timeout(run, runTimeoutMs) : new SlipwayError("request/cancelled", {}));
        events.onRunEnded({ key: run.key, ranMs, isPastDeadline });
      } else {
        run.reject(new SlipwayError("model/crashed", { detail: how }));
        events.onCrash(run.key, how);
      }
    }
    if (performance.now() - slot.startedMs < SHORT_LIFE_MS && active === null && !slot.isLeaving) {
      restarting ??= setTimeout(() => {
        restarting = null;
        pump();
      }, SHORT_LIFE_MS);
    }
    pump();
  }

  /** Gives every idle runner what it should do next. */
  function pump(): void {
    if (isStopped) return;
    grow();
    for (const slot of slots) if (slot.busy === null && slot.active === null) give(slot);
    const hasWork = queue.length > 0 || [...slots].some(({ active }) => active !== null);
    if (hasWork && looking === null) looking = setInterval(look, LOOK_EVERY_MS);
    else if (!hasWork && looking !== null) {
      clearInterval(looking);
      looking = null;
    }
  }

  function give(slot: Slot): void {
    if (slot.isLeaving) {
      void slot.runner.stop();
      return;
    }
    const closed = [...slot.holds].find((key) => !models.has(key));
    if (closed !== undefined) {
      begin(slot, close(slot, closed));
      return;
    }
    if (models.size === 0) {
      slot.isLeaving = true;
      void slot.runner.stop();
      return;
    }
    const run = nextRun(slot);
    const unopened = run === null ? nextToOpen(slot) : null;
    if (run !== null) begin(slot, execute(slot, run));
    else if (unopened !== null) begin(slot, open(slot, unopened));
  }

  function begin(slot: Slot, work: Promise<void>): void {
    slot.busy = work.finally(() => {
      slot.busy = null;
      pump();
    });
  }

  function nextRun(slot: Slot): WaitingRun | null {
    const nowMs = performance.now();
    for (const [index, run] of queue.entries()) {
      if (!slot.holds.has(run.key) || isOver(run.end, nowMs)) continue;
      queue.splice(index, 1);
      return run;
    }
    return null;
  }

  /** One runner opens at a time, unless a model is held by none yet: the others serve meanwhile. */
  function nextToOpen(slot: Slot): Model | null {
    const missing = [...models.values()].filter(({ input }) => !slot.holds.has(input.key));
    const held = (key: string) => working().some((other) => other.holds.has(key));
    const [first] = missing.filter(({ input }) => !held(input.key));
    const isAlone = ![...slots].some((other) => other !== slot && other.busy !== null && other.active === null);
    return first ?? (isAlone ? (missing[0] ?? null) : null);
  }

  async function open(slot: Slot, model: Model): Promise<void> {
    const { key } = model.input;
    try {
      await slot.runner.call({ kind: "open", input: model.input });
      slot.holds.add(key);
      model.isOpened = true;
      model.opened.resolve();
    } catch (error) {
      if (error instanceof RunnerGone && model.isOpened) return;
      // It opened elsewhere, so here it may have been for want of memory: this runner goes without it.
      if (model.isOpened) return void slot.runner.kill();
      models.delete(key);
      model.opened.reject(
        error instanceof RunnerGone
          ? new SlipwayError("model/crashed", { detail: error.how }, { cause: error })
          : error,
      );
    }
  }

  async function close(slot: Slot, key: string): Promise<void> {
    slot.holds.delete(key);
    await slot.runner.call({ kind: "close", key }).catch(() => undefined);
  }

  async function execute(slot: Slot, run: WaitingRun): Promise<void> {
    const { key, inputs, outputs } = run;
    slot.active = { run, startedMs: performance.now(), overSinceMs: null, isLong: false, isKilled: false };
    try {
      const result = await slot.runner.call({ kind: "run", key, inputs, outputs });
      run.resolve(result.outputs ?? []);
      slot.active = null;
    } catch (error) {
      // The end of a process is told where it is heard of.
      if (error instanceof RunnerGone && slot.active !== null) return;
      run.reject(error);
      slot.active = null;
    }
  }

  /** Ends what nobody waits for, and takes long runs out of everybody's way. */
  function look(): void {
    const nowMs = performance.now();
    const over = queue.filter(({ end }) => isOver(end, nowMs));
    queue = queue.filter((run) => !over.includes(run));
    for (const run of over) {
      run.reject(run.end.atMs <= nowMs ? timeout(run, runTimeoutMs) : new SlipwayError("request/cancelled", {}));
    }
    for (const slot of slots) if (slot.active !== null) lookAt(slot, slot.active, nowMs);
    pump();
  }

  function lookAt(slot: Slot, active: ActiveRun, nowMs: number): void {
    const endMs = endOf(active);
    if (endMs <= nowMs || active.run.end.isGone()) active.overSinceMs ??= Math.min(nowMs, endMs);
    if (active.overSinceMs !== null && nowMs - active.overSinceMs >= GRACE_MS && !active.isKilled) {
      active.isKilled = true;
      slot.runner.kill();
    } else if (!active.isLong && nowMs - active.startedMs >= LONG_RUN_MS) {
      active.isLong = true;
      slot.runner.stepBack();
      if (!isShared) return;
      slot.isLeaving = true;
      events.onLongRun(active.run.key);
    }
  }

  function endOf({ run, startedMs }: ActiveRun): number {
    return Math.min(run.end.atMs, startedMs + runTimeoutMs);
  }

  return {
    open(input) {
      const model: Model = { input, opened: Promise.withResolvers<void>(), isOpened: false };
      models.set(input.key, model);
      pump();
      return model.opened.promise;
    },
    run: (key, inputs, outputs, end) =>
      new Promise((resolve, reject) => {
        if (!models.has(key)) return reject(new ModelClosed());
        queue.push({ key, inputs, outputs, end, resolve, reject });
        pump();
      }),
    async close(key, { byForce } = { byForce: false }) {
      const model = models.get(key);
      models.delete(key);
      model?.opened.promise.catch(() => undefined);
      if (model?.isOpened === false) model.opened.reject(new ModelClosed());
      const waiting = queue.filter((run) => run.key === key);
      queue = queue.filter((run) => run.key !== key);
      for (const { reject } of waiting) reject(new ModelClosed());
      const concerned = [...slots].filter((slot) => slot.holds.has(key));
      if (byForce) {
        for (const { active, runner } of concerned) {
          if (active?.run.key !== key || active.isKilled) continue;
          active.isKilled = true;
          runner.kill();
        }
      }
      pump();
      for (;;) {
        const holder = [...slots].find((slot) => !slot.isLeaving && slot.holds.has(key));
        if (holder === undefined || holder.busy === null) return;
        await holder.busy;
      }
    },
    async stop() {
      isStopped = true;
      if (looking !== null) clearInterval(looking);
      if (restarting !== null) clearTimeout(restarting);
      const ends = [...slots].map((slot) => {
        slot.isLeaving = true;
        slot.runner.kill();
        return slot.runner.stop();
      });
      await Promise.all(ends);
    },
  };
}

function timeout({ end }: WaitingRun, runTimeoutMs: number): SlipwayError {
  return new SlipwayError("model/timeout", { limitMs: Math.min(end.limitMs, runTimeoutMs) });
}
