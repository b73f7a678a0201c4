import { createServer } from "node:net";

/** Whether a port of this host can be listened on now. */
export function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port that nothing listens on at this moment; another program may take it before it is used. */
export function freePort(host = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port: 0, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") reject(new Error("the port has no number"));
        else resolve(address.port);
      });
    });
  });
}

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
