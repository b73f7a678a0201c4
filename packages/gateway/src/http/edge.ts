import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SlipwayError } from "@slipway/contracts";
import {
  answerHealth,
  type Clock,
  type HealthEndpoints,
  type Logger,
  READY,
  type Readiness,
  type Service,
} from "@slipway/service-kit";
import { answerError } from "./answer.ts";
import { answerBrokenRequest } from "./answer-broken-request.ts";
import { readHead, requireHost } from "./request-head.ts";
import type { RequestIds } from "./request-id.ts";
import { BASE_PREFIX, type DeploymentServer } from "./serve-deployment.ts";
import { answerWelcome, type Welcome } from "./welcome.ts";

/** How often connections are looked through for ones that are too slow. */
const CHECK_CONNECTIONS_MS = 1_000;
/** While it stops: how often connections that have become idle are closed. */
const CLOSE_IDLE_MS = 20;

export type EdgeConfig = {
  host: string;
  port: number;
  maxConnections: number;
  maxHeaderBytes: number;
  headersTimeoutMs: number;
  requestTimeoutMs: number;
  idleTimeoutMs: number;
};

export type EdgeDeps = {
  clock: Clock;
  logger: Logger;
  deployments: DeploymentServer;
  requestIds: RequestIds;
  health: HealthEndpoints;
  welcome: Welcome;
};

/**
 * The HTTP listener. Owns what a connection may do: how many there are, how large and how slow a request's head and
 * body may be, how long a connection may idle. A stop lets requests in flight end, then closes.
 */
export class Edge implements Service {
  readonly name = "edge";
  readonly #config: EdgeConfig;
  readonly #deps: EdgeDeps;
  readonly #server: Server;
  #isDraining = false;
  #openConnections = 0;

  constructor(config: EdgeConfig, deps: EdgeDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#server = createServer(
      {
        maxHeaderSize: config.maxHeaderBytes,
        headersTimeout: config.headersTimeoutMs,
        requestTimeout: config.requestTimeoutMs,
        keepAliveTimeout: config.idleTimeoutMs,
        connectionsCheckingInterval: CHECK_CONNECTIONS_MS,
        noDelay: true,
        insecureHTTPParser: false,
        // Asked for by `requireHost`, so that its absence is answered with an error of the table.
        requireHostHeader: false,
      },
      (request, response) => this.#handle(request, response, false),
    );
    this.#server.maxConnections = config.maxConnections;
    // The client asks before it sends a large body, so it is told no before it has sent it.
    this.#server.on("checkContinue", (request, response) => this.#handle(request, response, true));
    this.#server.on("checkExpectation", (request, response) =>
      this.#refuse(
        request,
        response,
        new SlipwayError("request/expectation", { given: given(request.headers.expect) }),
      ),
    );
    this.#server.on("clientError", (error, socket) =>
      answerBrokenRequest(error, socket, deps.requestIds(undefined), config),
    );
  }

  get openConnections(): number {
    return this.#openConnections;
  }

  start(): Promise<void> {
    this.#server.on("connection", (socket) => {
      this.#openConnections += 1;
      socket.on("close", () => {
        this.#openConnections -= 1;
      });
    });
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#config.port, this.#config.host, () => resolve());
    });
  }

  /** Takes no new connections, ends idle ones, waits for requests in flight; at the deadline cuts what is left. */
  async stop(deadline: AbortSignal): Promise<void> {
    this.#isDraining = true;
    const server = this.#server;
    let isClosed = false;
    const closed = new Promise<void>((resolve) => server.close(() => resolve())).then(() => {
      isClosed = true;
    });
    const cut = () => server.closeAllConnections();
    deadline.addEventListener("abort", cut, { once: true });
    if (deadline.aborted) cut();
    while (!isClosed) {
      // A connection whose request has just ended is idle only now, and waits for a next request that nobody will take.
      server.closeIdleConnections();
      await Promise.race([closed, this.#deps.clock.sleep(CLOSE_IDLE_MS)]);
    }
    deadline.removeEventListener("abort", cut);
  }

  ready(): Readiness {
    return this.#isDraining ? { ready: false, reason: "it is shutting down" } : READY;
  }

  /** The port in use, also where the configuration said "any". */
  address(): AddressInfo {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the gateway does not listen");
    return address;
  }

  #handle(request: IncomingMessage, response: ServerResponse, isExpectingContinue: boolean): void {
    if (this.#isDraining) response.shouldKeepAlive = false;
    if (request.httpVersionMajor !== 1) {
      response.shouldKeepAlive = false;
      this.#refuse(request, response, new SlipwayError("request/http_version", { given: request.httpVersion }));
      return;
    }
    const path = pathOf(request.url ?? "/");
    if (path.startsWith(BASE_PREFIX)) {
      this.#deps.deployments.serve(request, response, path, isExpectingContinue);
      return;
    }
    try {
      requireHost(request, readHead(request.rawHeaders));
      if (answerHealth(this.#deps.health, request, response, path)) return;
      if (path === "/" && (request.method === "GET" || request.method === "HEAD")) {
        answerWelcome(this.#deps.welcome, request, response);
        return;
      }
      throw new SlipwayError("request/not_found", { path: path.slice(0, 200) });
    } catch (error) {
      this.#refuse(request, response, error);
    }
  }

  #refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const { requestIds, logger } = this.#deps;
    const id = request.headers["x-request-id"];
    answerError(request, response, error, { requestId: requestIds(typeof id === "string" ? id : undefined), logger });
  }
}

/** The path of a target, also of one in absolute form (RFC 9112, 3.2.2): whichever host it names, it came here. */
function pathOf(target: string): string {
  const from = target.startsWith("/") ? 0 : startOfPath(target);
  const query = target.indexOf("?", from);
  return target.slice(from, query < 0 ? undefined : query);
}

function startOfPath(target: string): number {
  const authority = /^https?:\/\/[^/?#]*/i.exec(target);
  return authority === null ? 0 : authority[0].length;
}

function given(expectation: string | undefined): string {
  return (expectation ?? "").slice(0, 40);
}
