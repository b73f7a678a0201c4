import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { endWhenIdle } from "./receive-upload.ts";

test("an upload is watched for standing still while it arrives, and not while what arrived is stored", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const address = server.address();
  const sending = request({ port: typeof address === "object" ? address?.port : 0, method: "PUT" });
  sending.on("error", () => undefined).flushHeaders();
  const [received] = await once(server, "request");
  const arriving: IncomingMessage = received;
  endWhenIdle(arriving);
  expect(arriving.socket.timeout).toBe(60_000);
  sending.end("all of it");
  await once(arriving.resume(), "end");
  expect(arriving.socket.timeout).toBe(0);
});
