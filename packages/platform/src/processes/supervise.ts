import { DEFAULT_LOG_LIMITS, type Spawned, spawnDetached, trimLog } from "@slipway/fleet";
import {
  type BackoffPolicy,
  backoffDelay,
  type Clock,
  isRunning,
  type ProcessIdentity,
  readProcessRecord,
  removeProcessRecord,
  writeProcessRecord,
} from "@slipway/service-kit";

export type ChildSpec = {
  name: string;
  /** The program's main file. */
  entry: string;
  /** Loaded before the program itself. */
  preload?: string;
  /** Its whole environment. */
  env: Readonly<Record<string, string>>;
  logFile: string;
};

export type SupervisedChild = {
  readonly name: string;
  readonly logFile: string;
  /** null while it is down. */
  identity(): ProcessIdentity | null;
  /** How often it ended without being told. */
  crashes(): number;
  /** No more restarts; the process itself is ended by whoever ends them all. */
  release(): void;
};

export type SuperviseDeps = { clock: Clock; recordDir: string; report: (line: string) => void; random: () => number };

const RESTART: BackoffPolicy = { initialMs: 100, maxMs: 10_000, jitter: 0.2 };
/** A process that ran this long counts as well again. */
const HEALTHY_AFTER_MS = 20_000;

/** Keeps a process running: starts it, and starts it again with growing pauses when it ends without being told. */
export async function supervise(spec: ChildSpec, deps: SuperviseDeps): Promise<SupervisedChild> {
  let current: Spawned | null = null;
  let crashes = 0;
  let quickCrashes = 0;
  let isReleased = false;

  async function start(): Promise<void> {
    removeProcessRecord(deps.recordDir, spec.name);
    trimLog(spec.logFile, DEFAULT_LOG_LIMITS, deps.clock.now());
    const nodeArguments = spec.preload === undefined ? [] : ["--import", spec.preload];
    const spawned = await spawnDetached({ ...spec, nodeArguments });
    current = spawned;
    writeRecordIfNone(spawned.identity);
    const startedMs = deps.clock.monotonicMs();
    void spawned.exited.then(({ code, signal }) => {
      current = null;
      if (isReleased) return;
      crashes += 1;
      quickCrashes = deps.clock.monotonicMs() - startedMs > HEALTHY_AFTER_MS ? 1 : quickCrashes + 1;
      tell(spawned.identity.pid, signal ?? `code ${code}`);
      startLater();
    });
  }

  /** So that the next supervisor can end it even if it never gets to writing its own record. */
  function writeRecordIfNone(identity: ProcessIdentity): void {
    const written = readProcessRecord(deps.recordDir, spec.name);
    if (written?.pid !== identity.pid)
      writeProcessRecord(deps.recordDir, { ...identity, name: spec.name, addresses: {} });
  }

  function tell(pid: number, how: string): void {
    if (quickCrashes === 1) deps.report(`${spec.name} (process ${pid}) ended with ${how}; starting it again`);
    else if (quickCrashes === 4)
      deps.report(`${spec.name} keeps ending (${how}); its last words are in ${spec.logFile}`);
  }

  function startLater(): void {
    const delayMs = quickCrashes <= 1 ? 0 : backoffDelay(RESTART, quickCrashes - 2, deps.random);
    deps.clock.after(delayMs, () => {
      if (isReleased) return;
      start().catch((error: unknown) => {
        quickCrashes += 1;
        deps.report(`${spec.name} could not be started: ${error instanceof Error ? error.message : String(error)}`);
        startLater();
      });
    });
  }

  await start();
  return {
    name: spec.name,
    logFile: spec.logFile,
    identity: () => (current !== null && isRunning(current.identity) ? current.identity : null),
    crashes: () => crashes,
    release() {
      isReleased = true;
    },
  };
}
