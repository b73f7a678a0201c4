import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ArtifactStore,
  type Db,
  type GatewayPort,
  openDirectoryStore,
  type SchedulerPort,
  systemRandom,
} from "@slipway/domain";
import { type ByteLimits, type Clock, type DiskRoom, silentLogger, systemClock } from "@slipway/service-kit";
import { onTestFinished } from "vitest";
import { createApi } from "../create-api.ts";
import { createGatewayClient } from "../gateway/gateway-client.ts";
import { createSchedulerClient } from "../scheduler/scheduler-client.ts";

export const ADMIN_TOKEN = "an-admin-token-for-tests";
export const INTERNAL_SECRET = "an-internal-secret-for-tests";

export const TOKEN_KEY = Buffer.alloc(32, 1);

export type Answer = { status: number; headers: Headers; text: string; body: unknown };

/** The API on a port of its own until the test ends, and a caller with the admin's token. */
export async function serveApi(deps: {
  db: Db;
  scheduler?: SchedulerPort;
  gateway?: GatewayPort;
  modelMaxBytes?: number;
  modelRoots?: readonly string[];
  artifacts?: ArtifactStore;
  disk?: DiskRoom | undefined;
  clock?: Clock;
  /** Takes what ends it all; unsaid = when the test ends. */
  whenOver?: (stop: () => Promise<void>) => void;
  bodyLimits?: ByteLimits;
}) {
  const whenOver = deps.whenOver ?? onTestFinished;
  const registryFolder = await mkdtemp(join(tmpdir(), "slipway-registry-"));
  whenOver(() => rm(registryFolder, { recursive: true, force: true }));
  let base = "";
  const api = createApi({
    db: deps.db,
    clock: deps.clock ?? systemClock,
    random: systemRandom,
    logger: silentLogger,
    ...(deps.bodyLimits === undefined ? {} : { bodyLimits: deps.bodyLimits }),
    scheduler: deps.scheduler ?? createSchedulerClient([], "secret"),
    gateway:
      deps.gateway ?? createGatewayClient({ url: "http://127.0.0.1:9", internalSecret: "secret", clock: systemClock }),
    artifacts: deps.artifacts ?? (await openDirectoryStore(registryFolder, systemRandom)),
    internalSecret: INTERNAL_SECRET,
    modelMaxBytes: deps.modelMaxBytes ?? 1_000_000,
    modelRoots: deps.modelRoots ?? [],
    disk: deps.disk,
    tokenKey: TOKEN_KEY,
    adminToken: ADMIN_TOKEN,
    instanceId: "test",
    publicUrl: () => base,
  });
  const server = createServer((request, response) => void api.handle(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  await api.start(new AbortController().signal);
  whenOver(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await api.stop(AbortSignal.timeout(5_000));
  });
  return {
    base,
    registryFolder,
    async call(method: string, path: string, body?: unknown): Promise<Answer> {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
      return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null };
    },
  };
}

/** The manifest of a deployment. */
export function deployment(name: string): string {
  return `{ apiVersion: slipway.dev/v1, kind: Deployment, metadata: { name: ${name} },
    spec: { variants: [{ model: { uri: "file:/models/iris.onnx" } }] } }`;
}
