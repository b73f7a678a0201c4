import { ConfigError, systemClock } from "@slipway/service-kit";
import { platformConfig } from "./config.ts";
import { PlatformError } from "./platform-error.ts";
import { type Platform, startPlatform } from "./start-platform.ts";

export type UpOptions = {
  env: Readonly<Record<string, string | undefined>>;
  workingDir: string;
  /** Aborts on the first Ctrl-C or SIGTERM. */
  signal: AbortSignal;
  /** Takes one line for people. */
  write: (line: string) => void;
  writeError: (line: string) => void;
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

function tellFailure(error: unknown, writeError: (line: string) => void): number {
  if (error instanceof ConfigError) {
    writeError(error.message);
    return 2;
  }
  if (error instanceof PlatformError) writeError(`${error.message}\nWhat to try: ${error.advice}`);
  else writeError(error instanceof Error ? error.message : String(error));
  return 1;
}

/** `slipway up`: runs the platform until the signal aborts. Resolves with the exit code: 0 stopped as told, 1 failed, 2 wrong settings. */
export async function runUp(options: UpOptions): Promise<number> {
  const { signal, write, writeError } = options;
  try {
    const config = platformConfig(options.env, options.workingDir);
    write(`Starting Slipway on ${config.dataDir}`);
    const platform = await startPlatform(config, { clock: systemClock, report: write, random: Math.random, signal });
    tellReady(platform, write);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
    write("\nStopping …");
    const startedMs = systemClock.monotonicMs();
    await platform.stop();
    write(`Stopped everything (${((systemClock.monotonicMs() - startedMs) / 1000).toFixed(1)} s)`);
    return 0;
  } catch (error) {
    if (signal.aborted) {
      write("Stopped before it was ready; the next start goes on from here");
      return 0;
    }
    return tellFailure(error, writeError);
  }
}
