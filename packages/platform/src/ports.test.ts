import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { freePort } from "@slipway/service-kit";
import { afterEach, expect, test } from "vitest";
import { choosePort } from "./ports.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function takenPort(): Promise<number> {
  const server = createServer();
  servers.push(server);
  const port = await freePort();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return port;
}

test("a wished port that is free is taken, whatever was remembered", async () => {
  const wished = await freePort();
  expect(await choosePort(wished, await freePort())).toEqual({ port: wished, isTaken: false });
});

test("a taken port is told, and the one of the last start comes instead", async () => {
  const [wished, remembered] = [await takenPort(), await freePort()];
  expect(await choosePort(wished, remembered)).toEqual({ port: remembered, isTaken: true });
});

test("without a wish the port of the last start comes again, unless somebody has it now", async () => {
  const remembered = await freePort();
  expect(await choosePort(0, remembered)).toEqual({ port: remembered, isTaken: false });
  const taken = await takenPort();
  const { port, isTaken } = await choosePort(0, taken);
  expect(port).not.toBe(taken);
  expect(isTaken).toBe(false);
});
