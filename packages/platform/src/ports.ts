import { freePort, isPortFree } from "@slipway/service-kit";
import type { PlatformConfig } from "./config.ts";
import type { PlatformPorts } from "./processes/child-specs.ts";

/** How a port came about: as wished, or another one because the wished one was taken. */
export type ChosenPort = { port: number; isTaken: boolean };

/**
 * The wished port when it is free (0 = no wish), else the one that was `remembered` from the last start, so that addresses
 * stay the same, else any free one.
 */
export async function choosePort(wished: number, remembered?: number, host = "127.0.0.1"): Promise<ChosenPort> {
  if (wished !== 0 && (await isPortFree(wished, host))) return { port: wished, isTaken: false };
  const isTaken = wished !== 0;
  if (remembered !== undefined && (await isPortFree(remembered, host))) return { port: remembered, isTaken };
  return { port: await freePort(host), isTaken };
}

/** The ports of a start, and each under the name by which the next start remembers it. */
export type ChosenPorts = { ports: PlatformPorts; remember: Readonly<Record<string, number>> };

/**
 * Chooses a port for every listener of the platform's processes, no two alike. They are free now and bound a moment later by the
 * processes themselves; one that another program took meanwhile ends that process, and the start chooses anew.
 */
export async function choosePorts(
  config: Pick<PlatformConfig, "ports" | "schedulerReplicas">,
  remembered: Readonly<Record<string, number>>,
  report: (line: string) => void,
): Promise<ChosenPorts> {
  const remember: Record<string, number> = {};
  const choose = async (name: string, wished: number, what: string) => {
    const chosen = await choosePort(wished, remembered[name]);
    let { port } = chosen;
    while (Object.values(remember).includes(port)) port = await freePort();
    if (chosen.isTaken) report(`Port ${wished} is taken; ${what} is on ${port} instead`);
    remember[name] = port;
    return port;
  };
  const ports = {
    console: await choose("console", config.ports.console, "the console"),
    gateway: await choose("gateway", config.ports.gateway, "the gateway"),
    gatewayGrpc: await choose("gatewayGrpc", config.ports.gatewayGrpc, "the gateway's gRPC"),
  };
  const schedulers: number[] = [];
  for (let index = 0; index < config.schedulerReplicas; index += 1) {
    schedulers.push(await choose(`scheduler-${index}`, 0, "the scheduler"));
  }
  return { ports: { ...ports, schedulers }, remember };
}
