import { readFileSync } from "node:fs";
import { dataDirLayout, isRunning, processIdentity, readProcessRecords } from "@slipway/service-kit";
import * as z from "zod";
import { createApiClient } from "../client/api-client.ts";
import { readCredentials, readPlatformAddresses } from "../client/credentials.ts";
import type { CliConfig } from "../config.ts";
import { CommandFailure } from "../failure.ts";
import type { Finding } from "./finding.ts";

const status = z.object({ leader: z.looseObject({ id: z.string().optional() }).nullable(), database: z.string() });
const LOOK_TIMEOUT_MS = 3_000;

/** Whether a supervisor runs on this data directory, and each process that has said it runs. */
export function checkProcesses({ dataDir }: CliConfig): Finding[] {
  const layout = dataDirLayout(dataDir);
  const supervisor = readIdentity(layout.lockFile);
  const isUp = supervisor !== null && isRunning(supervisor);
  const records = readProcessRecords(layout.processes);
  const gone = records.filter((record) => !isRunning(record)).map(({ name }) => name);
  const running = records.filter((record) => isRunning(record)).map(({ name }) => name);
  const findings: Finding[] = [
    isUp
      ? { state: "well", about: "Supervisor", words: `runs, pid ${supervisor.pid}` }
      : {
          state: "warning",
          about: "Supervisor",
          words: `no platform runs on ${dataDir}`,
          advice: "Start it with: npm start",
        },
  ];
  if (running.length > 0) {
    findings.push({
      state: isUp ? "well" : "warning",
      about: "Processes",
      words: `${running.join(", ")} run${running.length === 1 ? "s" : ""}`,
      ...(isUp ? {} : { advice: "They outlived their supervisor; the next start adopts or ends them." }),
    });
  }
  if (gone.length > 0) {
    findings.push({
      state: isUp ? "ill" : "warning",
      about: "Processes",
      words: `${gone.join(", ")} ended without saying so`,
      advice: isUp ? `They should be back in seconds; else read ${layout.logs}.` : `Their logs are in ${layout.logs}.`,
    });
  }
  return findings;
}

/** What the API says of itself; nothing when no platform has ever run here. */
export async function checkApi({ dataDir }: CliConfig, signal: AbortSignal): Promise<Finding[]> {
  if (readPlatformAddresses(dataDir) === null) return [];
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(LOOK_TIMEOUT_MS)]);
    const api = createApiClient(readCredentials(dataDir), limited);
    const { leader } = await api.call({ path: "/status", answer: status });
    return [
      { state: "well", about: "API", words: `answers at ${api.url}; the database too` },
      leader === null
        ? {
            state: "ill",
            about: "Scheduler",
            words: "none leads, so changes wait; what is deployed serves on",
            advice: `Read ${dataDirLayout(dataDir).logs}/scheduler.log`,
          }
        : { state: "well", about: "Scheduler", words: "leads" },
    ];
  } catch (error) {
    if (signal.aborted) throw error;
    const words = error instanceof CommandFailure ? error.message : "does not answer in time";
    return [{ state: "ill", about: "API", words, advice: `Read ${dataDirLayout(dataDir).logs}/console.log` }];
  }
}

/** Ports that this platform's running processes said they serve. */
export function ownPorts({ dataDir }: CliConfig): ReadonlySet<number> {
  const addresses = readProcessRecords(dataDirLayout(dataDir).processes)
    .filter((record) => isRunning(record))
    .flatMap((record) => Object.values(record.addresses));
  return new Set(addresses.map((address) => Number(/:(\d+)\/?$/.exec(address)?.[1])));
}

function readIdentity(path: string) {
  try {
    return processIdentity.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null;
  }
}
