import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152): a port from among those
 * could be some connection's own before it is listened on.
 */
const FROM = 20_000;
const TO = 32_000;
const TRIES = 100;

/** Whether a port of this host can be listened on now. */
export function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * A port that nothing listens on at this moment; another program may take it before it is used, which is unlikely: it is one
 * of 12,000 by chance. @throws when 100 of them were taken
 */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = randomInt(FROM, TO);
    if (await isPortFree(port, host)) return port;
  }
  throw new Error(`no free port was found from ${FROM} to ${TO - 1} of ${host}`);
}
