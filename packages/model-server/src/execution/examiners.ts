import { SlipwayError } from "@slipway/contracts";
import type { Examination, ExamineInput } from "./examine-model.ts";
import { type Runner, RunnerGone, startRunner } from "./runner.ts";

/** So many models are examined at once; one that hangs takes one of these places until its load is given up. */
const LANES = 4;
const LOOK_EVERY_MS = 100;
/** How long a runner without work is kept for the next load. */
const KEEP_IDLE_MS = 10_000;

/** Examines models in processes of their own: one that crashes or hangs harms nobody, and it is known which. */
export type Examiners = {
  /**
   * `isOver`: whether the load was given up; its process is ended then.
   * @throws SlipwayError what the examination met; model/crashed; request/cancelled when it was given up
   */
  examine(input: ExamineInput, isOver: () => boolean): Promise<Examination>;
  stop(): Promise<void>;
};

type Waiting = {
  input: ExamineInput;
  isOver: () => boolean;
  resolve: (examination: Examination) => void;
  reject: (error: unknown) => void;
};

export function createExaminers(): Examiners {
  const idle = new Map<Runner, NodeJS.Timeout>();
  const running = new Map<Runner, Waiting>();
  let queue: Waiting[] = [];
  let looking: NodeJS.Timeout | null = null;
  let isStopped = false;

  function takeRunner(): Runner {
    for (const [runner, timer] of idle) {
      clearTimeout(timer);
      idle.delete(runner);
      return runner;
    }
    const runner: Runner = startRunner(() => {
      clearTimeout(idle.get(runner));
      idle.delete(runner);
    });
    return runner;
  }

  function keepRunner(runner: Runner): void {
    if (isStopped || idle.size > 0) return void runner.stop();
    const timer = setTimeout(() => {
      idle.delete(runner);
      void runner.stop();
    }, KEEP_IDLE_MS);
    timer.unref();
    idle.set(runner, timer);
  }

  function next(): void {
    while (running.size < LANES) {
      const waiting = queue.shift();
      if (waiting === undefined) break;
      void begin(waiting);
    }
    if (looking === null && running.size + queue.length > 0) looking = setInterval(look, LOOK_EVERY_MS);
  }

  async function begin(waiting: Waiting): Promise<void> {
    const runner = takeRunner();
    running.set(runner, waiting);
    try {
      const { examination } = await runner.call({ kind: "examine", input: waiting.input });
      if (examination === undefined) throw new Error("the examination gave no result");
      keepRunner(runner);
      waiting.resolve(examination);
    } catch (error) {
      if (!(error instanceof RunnerGone)) keepRunner(runner);
      waiting.reject(toLoadError(error, waiting, isStopped));
    } finally {
      running.delete(runner);
      next();
    }
  }

  /** Ends what nobody waits for. */
  function look(): void {
    for (const [runner, { isOver }] of running) if (isOver()) runner.kill();
    const over = queue.filter(({ isOver }) => isOver());
    queue = queue.filter((waiting) => !over.includes(waiting));
    for (const { reject } of over) reject(new SlipwayError("request/cancelled", {}));
    if (looking === null || running.size + queue.length > 0) return;
    clearInterval(looking);
    looking = null;
  }

  return {
    examine: (input, isOver) =>
      new Promise((resolve, reject) => {
        if (isStopped) return reject(new SlipwayError("request/cancelled", {}));
        queue.push({ input, isOver, resolve, reject });
        next();
      }),
    async stop() {
      isStopped = true;
      for (const timer of idle.values()) clearTimeout(timer);
      for (const { reject } of queue.splice(0)) reject(new SlipwayError("request/cancelled", {}));
      for (const runner of running.keys()) runner.kill();
      await Promise.all([...idle.keys()].map((runner) => runner.stop()));
    },
  };
}

function toLoadError(error: unknown, { isOver }: Waiting, hasEnded: boolean): unknown {
  if (!(error instanceof RunnerGone)) return error;
  return hasEnded || isOver()
    ? new SlipwayError("request/cancelled", {}, { cause: error })
    : new SlipwayError("model/crashed", { detail: error.how }, { cause: error });
}
