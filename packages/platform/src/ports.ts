import { freePort, isPortFree } from "@slipway/service-kit";

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
