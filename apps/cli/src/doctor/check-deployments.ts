import type { DeploymentRowPage } from "@slipway/contracts";
import { createApiClient } from "../client/api-client.ts";
import { readCredentials, readPlatformAddresses } from "../client/credentials.ts";
import { readDeploymentRows } from "../commands/get-deployments.ts";
import type { CliConfig } from "../config.ts";
import type { Finding } from "./finding.ts";

type DeploymentRow = DeploymentRowPage["items"][number];

const EVERY_GROUP = "*";
const LOOK_TIMEOUT_MS = 3_000;
/** So many are told one by one. */
const TOLD = 10;

/** Deployments that do not serve as they should, with their cause. What the API itself lacks is told elsewhere. */
export async function checkDeployments({ dataDir }: CliConfig, signal: AbortSignal): Promise<Finding[]> {
  if (readPlatformAddresses(dataDir) === null) return [];
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(LOOK_TIMEOUT_MS)]);
    const api = createApiClient(readCredentials(dataDir), limited);
    return describeDeployments(await readDeploymentRows(api, EVERY_GROUP, { health: "Failed,Degraded" }));
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

export function describeDeployments(
  rows: readonly Pick<DeploymentRow, "group" | "name" | "health" | "message">[],
): Finding[] {
  if (rows.length === 0) return [{ state: "well", about: "Deployments", words: "none has failed or is degraded" }];
  const told = rows.slice(0, TOLD).map(
    ({ group, name, health, message }): Finding => ({
      state: health === "Failed" ? "ill" : "warning",
      about: "Deployments",
      words: `${group}/${name} is ${health}${message === "" ? "" : `: ${message}`}`,
      advice: `See more with: npx slipway explain deployment ${name} --group ${group}`,
    }),
  );
  const left = rows.length - told.length;
  if (left === 0) return told;
  const more = { about: "Deployments", words: `${left} more`, advice: "See all with: npx slipway get deployments -A" };
  return [...told, { state: "warning", ...more }];
}
