import { type ClientHttp2Stream, constants, createServer } from "node:http2";
import { afterEach, expect, test } from "vitest";
import { Bench } from "../testing/test-gateway.ts";
import { GrpcSessions } from "./sessions.ts";

const bench = new Bench();
afterEach(() => bench.cleanUp());

test("callers who leave by the thousand end nobody else's call on the same replica", async () => {
  const server = createServer().on("stream", (stream) => {
    stream.on("error", () => undefined);
    stream.respond({ ":status": 200 });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  bench.defer(() => server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the replica does not listen");
  const sessions = new GrpcSessions();
  bench.defer(() => sessions.destroy());

  const begin = async (): Promise<{ stream: ClientHttp2Stream; leave: () => void }> => {
    const session = sessions.get(`127.0.0.1:${address.port}`);
    const stream = session.http2.request({ ":method": "POST", ":path": "/" });
    stream.on("error", () => undefined);
    await new Promise((resolve, reject) => stream.on("response", resolve).on("close", () => reject(new Error("cut"))));
    const leave = () => {
      stream.close(constants.NGHTTP2_CANCEL);
      session.noteCancelled();
    };
    return { stream, leave };
  };
  const kept = await begin();
  for (let round = 0; round < 30; round += 1) {
    for (const { leave } of await Promise.all(Array.from({ length: 50 }, begin))) leave();
  }
  const closed = new Promise((resolve) => kept.stream.on("close", resolve));
  expect([kept.stream.closed, kept.stream.destroyed]).toEqual([false, false]);
  kept.leave();
  await closed;
});
