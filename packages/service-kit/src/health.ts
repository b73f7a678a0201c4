import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { READY, type Readiness, type Service } from "./lifecycle.ts";

export type HealthEndpoints = { registry: Registry; ready: () => Readiness };

/** Answers `/metrics`, `/health/live` and `/health/ready`; false when the path is none of them. */
export function answerHealth(endpoints: HealthEndpoints, request: IncomingMessage, response: ServerResponse): boolean {
  const path = request.url?.split("?", 1)[0];
  if (path === "/health/live") {
    response.writeHead(200, { "content-type": "application/json" }).end('{"live":true}');
    return true;
  }
  if (path === "/health/ready") {
    const state = endpoints.ready();
    response.writeHead(state.ready ? 200 : 503, { "content-type": "application/json" }).end(JSON.stringify(state));
    return true;
  }
  if (path === "/metrics") {
    endpoints.registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": endpoints.registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
    return true;
  }
  return false;
}

/** A small server for the health and metrics of a process that serves nothing else over HTTP. Binds to loopback unless told. */
export function createHealthServer(
  endpoints: HealthEndpoints,
  listen: { host?: string; port: number },
): Service & { address(): AddressInfo } {
  const server = createServer((request, response) => {
    if (!answerHealth(endpoints, request, response)) response.writeHead(404).end();
  });
  return {
    name: "health",
    start: () =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(listen.port, listen.host ?? "127.0.0.1", () => resolve());
      }),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
    ready: () => READY,
    address() {
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("the health server does not listen");
      return address;
    },
  };
}
