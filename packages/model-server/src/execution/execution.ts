import { createExaminers, type Examiners } from "./examiners.ts";
import { createInlineWatch, type InlineWatch } from "./inline-watch.ts";
import { createRunnerGroup, type GroupEvents, type RunnerGroup } from "./runner-group.ts";

/** How often the queues are looked through for what nobody waits for. */
const SWEEP_EVERY_MS = 100;

export type ExecutionOptions = {
  /** Runs that one model may have under way beside the serving thread. */
  workers: number;
  runTimeoutMs: number;
  crashFile: string | undefined;
};

/** Everything that runs models beside the serving thread, and what watches the runs on it. */
export type Execution = {
  readonly options: ExecutionOptions;
  readonly examiners: Examiners;
  readonly inlineWatch: InlineWatch;
  /**
   * Runners for all models whose runs are short. There is one more than one model may use at once, so that whatever a
   * model does, its neighbours find a runner.
   */
  readonly shared: RunnerGroup;
  /** Tells what happens to runs of a model in the shared runners; the returned function ends that. */
  listen(key: string, events: GroupEvents): () => void;
  /** Runners for one model alone. */
  startOwn(size: number, events: GroupEvents): RunnerGroup;
  /** Calls back again and again; the returned function ends that. */
  everyMoment(callback: () => void): () => void;
  stop(): Promise<void>;
};

export function createExecution(options: ExecutionOptions): Execution {
  const { workers, runTimeoutMs } = options;
  const listeners = new Map<string, GroupEvents>();
  const own = new Set<RunnerGroup>();
  const sweeps = new Set<() => void>();
  let sweeping: NodeJS.Timeout | null = null;
  const examiners = createExaminers();
  const inlineWatch = createInlineWatch(options.crashFile);
  const shared = createRunnerGroup(
    { size: workers + 1, isShared: true, runTimeoutMs },
    {
      onLongRun: (key) => listeners.get(key)?.onLongRun(key),
      onRunEnded: (run) => listeners.get(run.key)?.onRunEnded(run),
      onCrash: (key, how) => listeners.get(key)?.onCrash(key, how),
    },
  );
  return {
    options,
    examiners,
    inlineWatch,
    shared,
    listen(key, events) {
      listeners.set(key, events);
      return () => {
        if (listeners.get(key) === events) listeners.delete(key);
      };
    },
    startOwn(size, events) {
      const group = createRunnerGroup({ size, isShared: false, runTimeoutMs }, events);
      const stop = async () => {
        own.delete(tracked);
        await group.stop();
      };
      const tracked: RunnerGroup = { ...group, stop };
      own.add(tracked);
      return tracked;
    },
    everyMoment(callback) {
      sweeps.add(callback);
      sweeping ??= setInterval(() => {
        for (const sweep of sweeps) sweep();
      }, SWEEP_EVERY_MS);
      return () => {
        sweeps.delete(callback);
        if (sweeps.size > 0 || sweeping === null) return;
        clearInterval(sweeping);
        sweeping = null;
      };
    },
    async stop() {
      if (sweeping !== null) clearInterval(sweeping);
      await Promise.all([
        examiners.stop(),
        shared.stop(),
        inlineWatch.stop(),
        ...[...own].map((group) => group.stop()),
      ]);
    },
  };
}
