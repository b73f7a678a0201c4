import type { Clock } from "./clock.ts";
import { ConfigError } from "./config.ts";
import { monitored } from "./disk-trouble.ts";
import { keptFiles } from "./kept-files.ts";
import type { Logger } from "./logger.ts";

/** Whether a part can do its work; `reason` says in words why not. */
export type Readiness = { ready: true } | { ready: false; reason: string };
export const READY: Readiness = { ready: true };

/** Something that runs. `start` resolves when it runs; `stop` drains and must end by the deadline signal. */
export interface Service {
  readonly name: string;
  start(signal: AbortSignal): Promise<void>;
  stop(deadline: AbortSignal): Promise<void>;
  ready(): Readiness;
}

/** Makes one service of several: started in order, stopped in reverse, ready when all are. A failed start stops what had started. */
export function service(name: string, parts: readonly Service[]): Service {
  const started: Service[] = [];
  async function stopStarted(deadline: AbortSignal): Promise<void> {
    const failures: unknown[] = [];
    for (let part = started.pop(); part !== undefined; part = started.pop()) {
      await part.stop(deadline).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, `${name} did not stop cleanly`);
  }
  return {
    name,
    async start(signal) {
      try {
        for (const part of parts) {
          signal.throwIfAborted();
          await part.start(signal);
          started.push(part);
        }
      } catch (error) {
        await stopStarted(AbortSignal.timeout(5_000)).catch(() => undefined);
        throw error;
      }
    },
    stop: stopStarted,
    ready() {
      for (const part of parts) {
        const state = part.ready();
        if (!state.ready) return { ready: false, reason: `${part.name}: ${state.reason}` };
      }
      return READY;
    },
  };
}

export type RunOptions = {
  logger: Logger;
  clock: Clock;
  /** How long a SIGTERM waits for the drain before the process exits all the same. */
  drainMs?: number;
  /** Called when the service runs; the laptop's supervisor reads what it writes. */
  onReady?: () => Promise<void> | void;
};

/** The exit code of a process that could not listen because another program has its port. */
export const PORT_TAKEN = 98;

/** Whether an error says that an address to listen on is another program's; gRPC's servers say it in their text alone. */
export function isPortTaken(error: unknown): boolean {
  return error instanceof Error && (error.message.includes("EADDRINUSE") || isPortTaken(error.cause));
}

/** What a library writes past the logger may fail as a log line may, and ends the process as little. */
function outliveOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", () => {
      monitored.lostLogLines += 1;
    });
  }
}

function tellOfKeptFiles(logger: Logger): void {
  keptFiles.watch((behind) => {
    if (behind === null) logger.info("every state file is written again");
    else logger.warn(behind, "a state file could not be written; it is tried again each second");
  });
}

/**
 * Runs a service as this process: owns signals, the drain deadline, the crash log and the exit code.
 * Exit codes: 0 stopped by a signal, 1 crashed or could not start, 2 wrong configuration, 98 (`PORT_TAKEN`) its port is
 * another program's.
 */
export async function runProcess(create: () => Service | Promise<Service>, options: RunOptions): Promise<void> {
  const { logger, clock, drainMs = 8_000 } = options;
  const stopping = new AbortController();
  const crash = (error: unknown) => {
    logger.fatal({ err: error }, "crashed");
    process.exitCode = isPortTaken(error) ? PORT_TAKEN : 1;
    clock.after(200, () => process.exit(process.exitCode));
  };
  outliveOutput();
  tellOfKeptFiles(logger);
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  try {
    const running = await create();
    const signalled = new Promise<void>((resolve) => {
      for (const name of ["SIGTERM", "SIGINT"] as const) {
        process.on(name, () => {
          stopping.abort(new Error(`stopped by ${name}`));
          resolve();
        });
      }
    });
    await running.start(stopping.signal);
    logger.info("started");
    await options.onReady?.();
    await signalled;
    logger.info("stopping");
    clock.after(drainMs + 500, () => process.exit(process.exitCode ?? 0));
    await running.stop(AbortSignal.timeout(drainMs));
    logger.info("stopped");
    process.exit(0);
  } catch (error) {
    if (stopping.signal.aborted) process.exit(0);
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(2);
    }
    crash(error);
  }
}
