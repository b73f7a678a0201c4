import { createServer, type IncomingMessage, maxHeaderSize, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Api,
  answerBrokenRequest,
  createApi,
  createGatewayClient,
  createSchedulerClient,
  isUpload,
} from "@slipway/api";
import { createDb, systemRandom } from "@slipway/domain";
import {
  answerHealth,
  type Clock,
  type ConfigOf,
  createRegistry,
  diskRoom,
  identify,
  type Logger,
  operatorCheck,
  READY,
  removeProcessRecord,
  type Service,
  service,
  writeProcessRecord,
} from "@slipway/service-kit";
import { openArtifacts } from "./artifacts.ts";
import type { consoleSettings } from "./config.ts";
import type { Pages } from "./pages.ts";
import { instanceIdOf, readSecrets } from "./secrets.ts";

export type ConsoleConfig = ConfigOf<typeof consoleSettings>;
export type ConsoleDeps = { logger: Logger; clock: Clock };
export type Console = Service & { address(): AddressInfo };

/** From the beginning of a request to the end of its headers, and of its body. Answers may take as long as they like. */
const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;
/** Connections at once, each tab's live one among them. */
const MAX_CONNECTIONS = 4_000;
/** The same for a model that is uploaded; the API ends one that stands still. */
const UPLOAD_TIMEOUT_MS = 6 * 3_600_000;

/** The console's process: health, metrics, REST, tRPC and the pages on one port. */
export async function createConsole(config: ConsoleConfig, { logger, clock }: ConsoleDeps): Promise<Console> {
  const secrets = readSecrets(config);
  const artifacts = await openArtifacts(config, { logger, clock });
  const db = createDb(config.databaseUrl, {
    applicationName: config.processName,
    onIdleError: (error) => logger.warn({ err: error }, "an idle database connection broke"),
  });
  const scheduler = createSchedulerClient(config.schedulerAddresses, secrets.internalSecret);
  const api = createApi({
    db,
    clock,
    random: systemRandom,
    logger,
    scheduler,
    gateway: createGatewayClient({ url: config.gatewayUrl, internalSecret: secrets.internalSecret, clock }),
    artifacts: artifacts.store,
    internalSecret: secrets.internalSecret,
    modelMaxBytes: config.modelMaxBytes,
    modelRoots: config.modelRoots,
    disk: diskRoom(config.registryDir, config.diskReserve),
    tokenKey: secrets.tokenKey,
    adminToken: secrets.adminToken,
    instanceId: instanceIdOf(secrets),
    publicUrl: () => urlOf(edge.address()),
  });
  const connections: Service = {
    name: "connections",
    start: () => Promise.resolve(),
    async stop() {
      scheduler.close();
      await db.close();
    },
    ready: () => READY,
  };
  // Only a process that shows pages loads what makes them.
  const pages = config.ui ? (await import("./pages.ts")).createPages(config, logger) : null;
  const edge = createEdge(config, api, pages, secrets.internalSecret);
  const all = service("console", [connections, artifacts.service, api, edge]);
  return { ...all, address: edge.address, ready: () => all.ready() };
}

type Edge = Service & { address(): AddressInfo };

/** The port: asks the API first and leaves the rest to the pages. Its process record stands while it listens. */
function createEdge(config: ConsoleConfig, api: Api, pages: Pages | null, internalSecret: string): Edge {
  const registry = createRegistry(config.processName);
  const health = { registry, ready: () => api.ready(), isOperator: operatorCheck(internalSecret) };
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: UPLOAD_TIMEOUT_MS },
    (request, response) => {
      if (!isUpload(request)) endWhenSlow(request);
      if (answerHealth(health, request, response)) return;
      if (api.handle(request, response)) return;
      if (pages === null) answerNothing(response);
      else
        pages
          .handle(request, response, { apiOrigin: urlOf(address()), isSignedOut: api.isSignedOut })
          .catch(() => breakOff(request, response));
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on("clientError", (error, socket) =>
    answerBrokenRequest(error, socket, `req_${systemRandom.uuid()}`, {
      maxHeaderBytes: maxHeaderSize,
      requestTimeoutMs: HEADERS_TIMEOUT_MS,
    }),
  );
  function address(): AddressInfo {
    const bound = server.address();
    if (bound === null || typeof bound === "string") throw new Error("the console does not listen");
    return bound;
  }
  return {
    name: "edge",
    address,
    async start() {
      await pages?.prepare();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(config.port, config.host, resolve);
      });
      writeRecord(config, urlOf(address()));
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      // An open page's live connection would never end by itself.
      server.closeAllConnections();
      await closed;
      await pages?.close();
      if (config.recordDirectory !== undefined) removeProcessRecord(config.recordDirectory, config.processName);
    },
    ready: () => READY,
  };
}

/** Ends a request whose body does not come to an end in time. */
function endWhenSlow(request: IncomingMessage): void {
  if (request.complete) return;
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, REQUEST_TIMEOUT_MS);
  request.once("close", () => clearTimeout(timer));
}

/** Where this process can be reached from this machine, also when it listens on every address. */
function urlOf({ address, port, family }: AddressInfo): string {
  const host = address === "0.0.0.0" || address === "::" ? "127.0.0.1" : family === "IPv6" ? `[${address}]` : address;
  return `http://${host}:${port}`;
}

function writeRecord({ recordDirectory, processName }: ConsoleConfig, http: string): void {
  if (recordDirectory === undefined) return;
  const identity = identify();
  if (identity === null) throw new Error("the process cannot identify itself");
  writeProcessRecord(recordDirectory, { ...identity, name: processName, addresses: { http } });
}

function answerNothing(response: ServerResponse): void {
  response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("This process shows no pages.\n");
}

function breakOff(request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent) request.destroy();
  else response.writeHead(500, { "content-type": "text/plain; charset=utf-8" }).end("The page could not be made.\n");
}
