import { keptFiles, systemClock } from "@slipway/service-kit";
import { platformConfig } from "./config.ts";
import { type Platform, startPlatform } from "./start-platform.ts";

export type UpOptions = {
  env: Readonly<Record<string, string | undefined>>;
  workingDir: string;
  /** Aborts on the first Ctrl-C or SIGTERM. */
  signal: AbortSignal;
  /** Takes one line for people. */
  write: (line: string) => void;
};

function tellReady(platform: Platform, write: (line: string) => void): void {
  const { consoleUrl, signInUrl, gatewayUrl } = platform.info();
  write("");
  write("Slipway is ready");
  write(`  Console   ${consoleUrl}`);
  write(`  Sign in   ${signInUrl}   (works once; npx slipway login-link makes another)`);
  write(`  Gateway   ${gatewayUrl}`);
  if (platform.tryIt !== null) write(`\nTry a model:\n${platform.tryIt}`);
  write("\nDeploy your own: npx slipway apply ./my-model.onnx\nCtrl-C stops everything and keeps all data.");
}

/**
 * `slipway up`: runs the platform until the signal aborts, then stops all of it; a start that is broken off stops too.
 * @throws ConfigError for wrong settings, PlatformError when it cannot start
 */
export async function runUp(options: UpOptions): Promise<void> {
  const { signal, write } = options;
  const config = platformConfig(options.env, options.workingDir);
  write(`Starting Slipway on ${config.dataDir}`);
  let platform: Platform;
  try {
    platform = await startPlatform(config, { clock: systemClock, report: write, random: Math.random, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    write("Stopped before it was ready; the next start goes on from here");
    return;
  }
  tellReady(platform, write);
  const stopOutliving = outliveEverything(write);
  await untilAborted(signal);
  stopOutliving();
  write("\nStopping …");
  const startedMs = systemClock.monotonicMs();
  await platform.stop();
  write(`Stopped everything (${((systemClock.monotonicMs() - startedMs) / 1000).toFixed(1)} s)`);
}

/**
 * Once the platform is ready, nothing but a signal ends its supervisor: an error that nobody foresaw is told, as ending for it
 * would end everything that still works a minute later.
 */
function outliveEverything(write: (line: string) => void): () => void {
  const onError = (error: unknown) =>
    write(`An unexpected error; going on: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const stopWatching = keptFiles.watch((behind) => {
    if (behind === null) write("Every file of the data directory is written again");
    else write(`${behind.path} could not be written (${behind.cause}); trying again each second`);
  });
  process.on("uncaughtException", onError);
  process.on("unhandledRejection", onError);
  return () => {
    stopWatching();
    process.off("uncaughtException", onError);
    process.off("unhandledRejection", onError);
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
