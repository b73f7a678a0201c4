import { SlipwayError } from "@slipway/contracts";
import type { Tensor } from "@slipway/inference";
import { isOver, NO_END, type RunEnd } from "../execution/run-end.ts";
import { canJoin, joinRows, rowsOf, sliceRows } from "./rows.ts";

/** Runs a model once. Inline runs answer at once, worker runs by a promise. `end`: when nobody waits for it any more. */
export type Run = (inputs: readonly Tensor[], outputs: readonly string[], end: RunEnd) => Tensor[] | Promise<Tensor[]>;

export type BatcherOptions = {
  run: Run;
  /** The model was proven to treat each row for itself. Without it every request runs alone. */
  canBatch: boolean;
  /** Runs at once; requests beyond it gather. An inline run blocks, so there 1 is all there can be. */
  concurrency: number;
  /** The most rows of one joined run that begins with these inputs; a larger request runs alone. */
  maxRows: (inputs: readonly Tensor[]) => number;
  /** The most requests that may wait for a run; what comes beyond is refused. */
  maxWaiting: number;
  /** Calls back when the present turn of the event loop has read what has arrived. */
  schedule?: (callback: () => void) => void;
  onRun?: (rows: number, requests: number) => void;
};

type Waiting = {
  inputs: readonly Tensor[];
  outputs: readonly string[];
  end: RunEnd;
  resolve: (outputs: Tensor[]) => void;
  reject: (error: unknown) => void;
};

export type Batcher = {
  /** @throws SlipwayError model/too_busy, model/timeout and request/cancelled when it ended before its run did */
  submit(inputs: readonly Tensor[], outputs: readonly string[], end?: RunEnd): Promise<Tensor[]>;
  /** Answers whatever is over, in the queue and in runs; to be called now and then. */
  sweep(): void;
  /** Requests that wait for a run. */
  readonly waiting: number;
};

/**
 * Natural batching: what arrives in one turn of the event loop, or while a run is in flight, goes as one. Nothing ever
 * waits for company: a lone request runs at the end of the turn that read it. A joined run that fails is run again one
 * by one, so that each caller gets its own answer or its own error. What nobody waits for any more is never run.
 */
export function createBatcher(options: BatcherOptions): Batcher {
  const { run, canBatch, concurrency, maxRows, maxWaiting, schedule = setImmediate, onRun } = options;
  let queue: Waiting[] = [];
  /** In runs that have not ended; only of those that are not in line. */
  const inRuns = new Set<Waiting>();
  let running = 0;
  let isScheduled = false;

  function flush(): void {
    isScheduled = false;
    while (queue.length > 0 && running < concurrency) {
      start(takeGroup(performance.now()));
    }
  }

  /** Takes what is over out of the queue. */
  function dropOver(): void {
    const nowMs = performance.now();
    if (!queue.some(({ end }) => isOver(end, nowMs))) return;
    const stays: Waiting[] = [];
    for (const waiting of queue) {
      if (isOver(waiting.end, nowMs)) refuseOver(waiting);
      else stays.push(waiting);
    }
    queue = stays;
  }

  /** The oldest request that is not over and, if rows may be joined, all that fit with it. */
  function takeGroup(nowMs: number): Waiting[] {
    while (queue[0] !== undefined && isOver(queue[0].end, nowMs)) refuseOver(queue.shift());
    const [head] = queue;
    if (head === undefined) return [];
    const headRows = canBatch && queue.length > 1 ? rowsOf(head.inputs) : null;
    if (headRows === null) {
      queue.shift();
      return [head];
    }
    const limit = maxRows(head.inputs);
    const group: Waiting[] = [];
    const rest: Waiting[] = [];
    let rows = 0;
    for (const waiting of queue) {
      if (waiting !== head && isOver(waiting.end, nowMs)) {
        refuseOver(waiting);
        continue;
      }
      const own = waiting === head ? headRows : rowsOf(waiting.inputs);
      const fits = own !== null && (waiting === head || (rows + own <= limit && goesWith(head, waiting)));
      if (fits) {
        rows += own;
        group.push(waiting);
      } else rest.push(waiting);
    }
    queue = rest;
    return group;
  }

  function start(group: readonly Waiting[]): void {
    const [only] = group;
    if (only === undefined) return;
    if (group.length === 1) runAlone(only);
    else runJoined(group);
  }

  function runAlone(waiting: Waiting): void {
    onRun?.(waiting.inputs[0]?.shape[0] ?? 1, 1);
    execute([waiting], waiting, waiting.resolve, waiting.reject);
  }

  function runJoined(group: readonly Waiting[]): void {
    const inputs = joinRows(group.map((waiting) => waiting.inputs));
    const rows = rowsOf(inputs) ?? 0;
    onRun?.(rows, group.length);
    const again = () => {
      const nowMs = performance.now();
      for (const waiting of group) {
        if (isOver(waiting.end, nowMs)) refuseOver(waiting);
        else runAlone(waiting);
      }
    };
    const split = (outputs: Tensor[]) => {
      if (outputs.some((output) => output.shape[0] !== rows)) {
        again();
        return;
      }
      let row = 0;
      for (const waiting of group) {
        const own = rowsOf(waiting.inputs) ?? 0;
        waiting.resolve(sliceRows(outputs, row, row + own));
        row += own;
      }
    };
    execute(group, { inputs, outputs: group[0]?.outputs ?? [], end: endOfAll(group) }, split, again);
  }

  function execute(
    group: readonly Waiting[],
    { inputs, outputs, end }: Pick<Waiting, "inputs" | "outputs" | "end">,
    done: (outputs: Tensor[]) => void,
    failed: (error: unknown) => void,
  ): void {
    let result: Tensor[] | Promise<Tensor[]>;
    try {
      result = run(inputs, outputs, end);
    } catch (error) {
      failed(error);
      return;
    }
    if (Array.isArray(result)) {
      done(result);
      return;
    }
    running += 1;
    for (const waiting of group) inRuns.add(waiting);
    result.then(done, failed).finally(() => {
      running -= 1;
      for (const waiting of group) inRuns.delete(waiting);
      flush();
    });
  }

  return {
    submit: (inputs, outputs, end = NO_END) =>
      new Promise((resolve, reject) => {
        if (queue.length >= maxWaiting) dropOver();
        if (queue.length >= maxWaiting) return reject(new SlipwayError("model/too_busy", { limit: maxWaiting }));
        queue.push({ inputs, outputs, end, resolve, reject });
        if (isScheduled || running >= concurrency) return;
        isScheduled = true;
        schedule(flush);
      }),
    sweep() {
      dropOver();
      const nowMs = performance.now();
      for (const waiting of inRuns) {
        if (!isOver(waiting.end, nowMs)) continue;
        inRuns.delete(waiting);
        refuseOver(waiting);
      }
    },
    get waiting() {
      return queue.length;
    },
  };
}

/** A joined run is over when nobody of its group waits any more. */
function endOfAll(group: readonly Waiting[]): RunEnd {
  return {
    atMs: Math.max(...group.map(({ end }) => end.atMs)),
    limitMs: Math.max(...group.map(({ end }) => end.limitMs)),
    isGone: () => {
      const nowMs = performance.now();
      return group.every(({ end }) => isOver(end, nowMs));
    },
  };
}

/** Answers a request that is over, though there may be nobody to read it. */
function refuseOver(waiting: Waiting | undefined): void {
  if (waiting === undefined) return;
  const { end } = waiting;
  waiting.reject(
    end.isGone()
      ? new SlipwayError("request/cancelled", {})
      : new SlipwayError("model/timeout", { limitMs: end.limitMs }),
  );
}

function goesWith(head: Waiting, other: Waiting): boolean {
  return hasEqualNames(head.outputs, other.outputs) && canJoin(head.inputs, other.inputs);
}

function hasEqualNames(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((name, index) => name === other[index]));
}
