import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type SeenRequest = {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  rawHeaders: string[];
  body: string;
};
export type FakeReplica = {
  address: string;
  port: number;
  /** Requests that have come with their whole body. */
  seen: SeenRequest[];
  /** Requests that have begun. */
  started: number;
  /** Requests whose connection was cut before they were answered. */
  aborted: number;
  kill(): void;
  stop(): Promise<void>;
};

export type ReplicaAnswer = (request: SeenRequest, response: ServerResponse, count: number) => void;

export const answerOk: ReplicaAnswer = ({ url }, response) => {
  response.writeHead(200, { "content-type": "application/json", "x-slipway-secret-thing": "hidden", server: "inner" });
  response.end(JSON.stringify({ model_name: "served", url, outputs: [] }));
};

/** A model server as far as the gateway sees one, with whatever fault a test wants. */
export async function startFakeReplica(answer: ReplicaAnswer = answerOk, port = 0): Promise<FakeReplica> {
  const server = createServer((request, response) => {
    replica.started += 1;
    const chunks: Buffer[] = [];
    response.on("close", () => {
      if (!response.writableEnded) replica.aborted += 1;
    });
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const seen = {
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        rawHeaders: request.rawHeaders,
        body,
      };
      replica.seen.push(seen);
      answer(seen, response, replica.seen.length);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const bound = portOf(server.address());
  const replica: FakeReplica = {
    address: `127.0.0.1:${bound}`,
    port: bound,
    seen: [],
    started: 0,
    aborted: 0,
    kill: () => {
      server.close();
      server.closeAllConnections();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return replica;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the replica does not listen");
  return address.port;
}
