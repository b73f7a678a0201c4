import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { keptFiles } from "./kept-files.ts";
import { READY, type Readiness, type Service } from "./lifecycle.ts";

export type HealthEndpoints = {
  registry: Registry;
  ready: () => Readiness;
  /**
   * Whether the authorization header is the platform's own. On a port that everybody reaches only those who run the
   * platform read the metrics and why a process is not ready, for both name deployments; absent on a port of its own.
   */
  isOperator?: (authorization: string | undefined) => boolean;
};

/** Recognises the platform's own credential in a time that tells nothing about where another one differs. */
export function operatorCheck(internalSecret: string): (authorization: string | undefined) => boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const own = digest(`Bearer ${internalSecret}`);
  return (authorization) => authorization !== undefined && timingSafeEqual(digest(authorization), own);
}

const METRICS_REFUSED = JSON.stringify({
  error: "Metrics need the credential of the platform's processes: Authorization: Bearer INTERNAL_SECRET.",
  code: "auth/missing",
});

/**
 * Answers `/metrics`, `/health/live` and `/health/ready`; false when the path is none of them. `path` is given where it
 * is not simply what stands before the question mark.
 */
export function answerHealth(
  endpoints: HealthEndpoints,
  request: IncomingMessage,
  response: ServerResponse,
  path = request.url?.split("?", 1)[0],
): boolean {
  const isOperator = () => endpoints.isOperator?.(request.headers.authorization) ?? true;
  if (path === "/health/live") {
    response.writeHead(200, { "content-type": "application/json" }).end('{"live":true}');
    return true;
  }
  if (path === "/health/ready") {
    const state = endpoints.ready();
    const told = isOperator() ? { ...state, ...filesBehind() } : { ready: state.ready };
    response.writeHead(state.ready ? 200 : 503, { "content-type": "application/json" }).end(JSON.stringify(told));
    return true;
  }
  if (path === "/metrics" && !isOperator()) {
    response.writeHead(401, { "content-type": "application/json", "www-authenticate": "Bearer" }).end(METRICS_REFUSED);
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

/** A disk that takes nothing makes no process unready, as it serves on; whoever asks is told. */
function filesBehind(): { filesBehind?: string } {
  const behind = keptFiles.behind();
  const [first] = behind;
  return first === undefined ? {} : { filesBehind: `${behind.length} not written yet (${first.cause})` };
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
