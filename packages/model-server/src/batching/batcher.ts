import type { Tensor } from "@slipway/inference";
import { canJoin, joinRows, rowsOf, sliceRows } from "./rows.ts";

/** Runs a model once. Inline runs answer at once, worker runs by a promise. */
export type Run = (inputs: readonly Tensor[], outputs: readonly string[]) => Tensor[] | Promise<Tensor[]>;

export type BatcherOptions = {
  run: Run;
  /** The model was proven to treat each row for itself. Without it every request runs alone. */
  canBatch: boolean;
  /** Runs at once; requests beyond it gather. An inline run blocks, so there 1 is all there can be. */
  concurrency: number;
  /** The most rows of one joined run; a larger request runs alone. */
  maxRows: number;
  /** Calls back when the present turn of the event loop has read what has arrived. */
  schedule?: (callback: () => void) => void;
  onRun?: (rows: number, requests: number) => void;
};

type Waiting = {
  inputs: readonly Tensor[];
  outputs: readonly string[];
  resolve: (outputs: Tensor[]) => void;
  reject: (error: unknown) => void;
};

export type Batcher = {
  submit(inputs: readonly Tensor[], outputs: readonly string[]): Promise<Tensor[]>;
};

/**
 * Natural batching: what arrives in one turn of the event loop, or while a run is in flight, goes as one. Nothing ever
 * waits for company: a lone request runs at the end of the turn that read it. A joined run that fails is run again one
 * by one, so that each caller gets its own answer or its own error.
 */
export function createBatcher(options: BatcherOptions): Batcher {
  const { run, canBatch, concurrency, maxRows, schedule = setImmediate, onRun } = options;
  let queue: Waiting[] = [];
  let running = 0;
  let isScheduled = false;

  function flush(): void {
    isScheduled = false;
    while (queue.length > 0 && running < concurrency) start(takeGroup());
  }

  /** The oldest request and, if rows may be joined, all that fit with it. */
  function takeGroup(): Waiting[] {
    const [head] = queue;
    if (head === undefined) return [];
    const headRows = canBatch && queue.length > 1 ? rowsOf(head.inputs) : null;
    if (headRows === null) {
      queue.shift();
      return [head];
    }
    const group: Waiting[] = [];
    const rest: Waiting[] = [];
    let rows = 0;
    for (const waiting of queue) {
      const own = waiting === head ? headRows : rowsOf(waiting.inputs);
      const fits = own !== null && (waiting === head || (rows + own <= maxRows && goesWith(head, waiting)));
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
    execute(waiting.inputs, waiting.outputs, waiting.resolve, waiting.reject);
  }

  function runJoined(group: readonly Waiting[]): void {
    const inputs = joinRows(group.map((waiting) => waiting.inputs));
    const rows = rowsOf(inputs) ?? 0;
    onRun?.(rows, group.length);
    const again = () => {
      for (const waiting of group) runAlone(waiting);
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
    execute(inputs, group[0]?.outputs ?? [], split, again);
  }

  function execute(
    inputs: readonly Tensor[],
    outputs: readonly string[],
    done: (outputs: Tensor[]) => void,
    failed: (error: unknown) => void,
  ): void {
    let result: Tensor[] | Promise<Tensor[]>;
    try {
      result = run(inputs, outputs);
    } catch (error) {
      failed(error);
      return;
    }
    if (Array.isArray(result)) {
      done(result);
      return;
    }
    running += 1;
    result.then(done, failed).finally(() => {
      running -= 1;
      flush();
    });
  }

  return {
    submit: (inputs, outputs) =>
      new Promise((resolve, reject) => {
        queue.push({ inputs, outputs, resolve, reject });
        if (isScheduled || running >= concurrency) return;
        isScheduled = true;
        schedule(flush);
      }),
  };
}

function goesWith(head: Waiting, other: Waiting): boolean {
  return hasEqualNames(head.outputs, other.outputs) && canJoin(head.inputs, other.inputs);
}

function hasEqualNames(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((name, index) => name === other[index]));
}
