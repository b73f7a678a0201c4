import { systemClock } from "@slipway/service-kit";
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
  await untilAborted(signal);
  write("\nStopping …");
  const startedMs = systemClock.monotonicMs();
  await platform.stop();
  write(`Stopped everything (${((systemClock.monotonicMs() - startedMs) / 1000).toFixed(1)} s)`);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
