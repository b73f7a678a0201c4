import {
  askHealth,
  DEFAULT_LOG_LIMITS,
  type Exit,
  type Spawned,
  spawnDetached,
  trimLog,
  watchAnswers,
} from "@slipway/fleet";
import {
  type BackoffPolicy,
  backoffDelay,
  type Clock,
  isRunning,
  PORT_TAKEN,
  type ProcessIdentity,
  readProcessRecord,
  signalProcess,
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
  /** A process that has answered before and is silent for so long is ended and started again. */
  hungAfterMs: number;
};

export type SupervisedChild = {
  readonly name: string;
  readonly logFile: string;
  /** null while it is down. */
  identity(): ProcessIdentity | null;
  /** How often it ended without being told. */
  crashes(): number;
  /** Whether it ended last because another program has its port. */
  isPortTaken(): boolean;
  /** No more restarts; the process itself is ended by whoever ends them all. */
  release(): void;
};

export type SuperviseDeps = { clock: Clock; recordDir: string; report: (line: string) => void; random: () => number };

const RESTART: BackoffPolicy = { initialMs: 100, maxMs: 10_000, jitter: 0.2 };
/** A process that ran this long counts as well again. */
const HEALTHY_AFTER_MS = 20_000;
/** How long a process may take from its start until it answers. */
const START_WITHIN_MS = 120_000;

/**
 * Keeps a process running: starts it, and starts it again with growing pauses when it ends without being told. One that does
 * not answer any more (it is stopped, or its loop never comes round) is ended, as it would not end by itself.
 */
export async function supervise(spec: ChildSpec, deps: SuperviseDeps): Promise<SupervisedChild> {
  let current: Spawned | null = null;
  let crashes = 0;
  let quickCrashes = 0;
  let isReleased = false;
  let isPortTaken = false;

  // A record of the run before stays until it is written over, which a full disk allows; nobody takes it for this run's.
  async function start(): Promise<void> {
    trimLog(spec.logFile, DEFAULT_LOG_LIMITS, deps.clock.now());
    const nodeArguments = spec.preload === undefined ? [] : ["--import", spec.preload];
    const spawned = await spawnDetached({ ...spec, nodeArguments });
    current = spawned;
    writeRecordIfNone(spawned.identity);
    const startedMs = deps.clock.monotonicMs();
    const ended = new AbortController();
    void endWhenHung(spawned.identity, ended.signal);
    void spawned.exited.then((exit) => {
      ended.abort(new Error("the process has ended"));
      current = null;
      if (isReleased) return;
      crashes += 1;
      isPortTaken = exit.code === PORT_TAKEN;
      quickCrashes = deps.clock.monotonicMs() - startedMs > HEALTHY_AFTER_MS ? 1 : quickCrashes + 1;
      tell(spawned.identity.pid, exitInWords(exit));
      startLater();
    });
  }

  async function endWhenHung(identity: ProcessIdentity, signal: AbortSignal): Promise<void> {
    const { hungAfterMs } = spec;
    const ask = askHealth(() => addressOf(deps.recordDir, spec.name, identity));
    const isHung = await watchAnswers({ ask, clock: deps.clock, hungAfterMs, startWithinMs: START_WITHIN_MS }, signal);
    if (!isHung || isReleased) return;
    deps.report(`${spec.name} (process ${identity.pid}) does not answer any more; ending it`);
    signalProcess(identity, "SIGKILL", { group: true });
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
    isPortTaken: () => isPortTaken,
    release() {
      isReleased = true;
    },
  };
}

/** Where the process answers about itself; null until it has said so. */
export function addressOf(recordDir: string, name: string, identity: ProcessIdentity | null): string | null {
  const record = readProcessRecord(recordDir, name);
  if (record === null || record.pid !== identity?.pid) return null;
  return record.addresses.health ?? record.addresses.http ?? null;
}

function exitInWords({ code, signal }: Exit): string {
  if (code === PORT_TAKEN) return `code ${code}: another program has its port`;
  return signal ?? `code ${code}`;
}
