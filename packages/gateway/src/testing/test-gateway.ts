import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { ModelKeySchema, ReplicaKeySchema } from "@slipway/rpc/control/common";
import {
  type Route,
  RouteSchema,
  type RouteToken,
  RouteTokenSchema,
  type Target,
  TargetSchema,
  type TokenMethod,
  Visibility,
} from "@slipway/rpc/control/router";
import { createLogger, systemClock } from "@slipway/service-kit";
import type { GatewayConfig } from "../config.ts";
import { createGateway, type Gateway } from "../gateway.ts";
import { FakeScheduler, type FakeSchedulerOptions } from "./fake-scheduler.ts";

export const INTERNAL_SECRET = "internal-secret-of-the-test";
export const TOKEN_KEY = Buffer.alloc(32, 7);

/** What a test started, ended in reverse order by `cleanUp`. */
export class Bench {
  readonly #cleanups: (() => unknown)[] = [];

  defer(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup);
  }

  async cleanUp(): Promise<void> {
    for (let next = this.#cleanups.pop(); next !== undefined; next = this.#cleanups.pop()) await next();
  }

  async scheduler(options: Partial<FakeSchedulerOptions> = {}): Promise<FakeScheduler> {
    const scheduler = await new FakeScheduler({ secret: INTERNAL_SECRET, ...options }).start();
    this.defer(() => scheduler.stop());
    return scheduler;
  }

  stateDirectory(): string {
    const directory = mkdtempSync(join(tmpdir(), "slipway-gateway-"));
    this.defer(() => rmSync(directory, { recursive: true, force: true }));
    return directory;
  }

  async gateway(schedulerAddresses: string[], overrides: Partial<GatewayConfig> = {}): Promise<RunningGateway> {
    const config = {
      ...testConfig(overrides.stateDirectory ?? this.stateDirectory()),
      schedulerAddresses,
      ...overrides,
    };
    const logged: unknown[] = [];
    const logger = createLogger("gateway-test", "error", { write: (line) => logged.push(JSON.parse(line)) });
    const gateway = createGateway(config, { clock: systemClock, logger, random: () => 0.5 });
    await gateway.start(new AbortController().signal);
    const running = new RunningGateway(gateway, logged);
    this.defer(() => running.stop());
    return running;
  }
}

export class RunningGateway {
  readonly gateway: Gateway;
  /** Errors that it has logged. */
  readonly logged: readonly unknown[];
  #isStopped = false;

  constructor(gateway: Gateway, logged: readonly unknown[]) {
    this.gateway = gateway;
    this.logged = logged;
  }

  get url(): string {
    return `http://127.0.0.1:${this.gateway.address().port}`;
  }

  /** Stops it within `ms`; a second call does nothing. */
  async stop(ms = 2_000): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    await this.gateway.stop(AbortSignal.timeout(ms));
  }

  infer(deployment = "iris", init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}/serve/default/${deployment}/v2/models/${deployment}/infer`, {
      method: "POST",
      body: '{"inputs":[]}',
      ...init,
    });
  }

  async metric(name: string): Promise<string[]> {
    const text = await (
      await fetch(`${this.url}/metrics`, { headers: { authorization: `Bearer ${INTERNAL_SECRET}` } })
    ).text();
    return text.split("\n").filter((line) => line.startsWith(name));
  }

  /** Sends bytes as they are and resolves with all that comes back until the gateway closes. */
  raw(bytes: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.gateway.address().port, "127.0.0.1", () => socket.write(bytes));
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.on("close", () => resolve(text));
      socket.on("error", reject);
    });
  }
}

/** A target at an address; equal arguments are the same target. */
export function target(
  httpAddress: string,
  options: { modelUid?: string; version?: string; replica?: number } = {},
): Target {
  return create(TargetSchema, {
    model: create(ModelKeySchema, { modelUid: options.modelUid ?? "uid-1", version: options.version ?? "v1" }),
    replica: create(ReplicaKeySchema, { group: "platform", server: "onnx", replica: options.replica ?? 0 }),
    httpAddress,
  });
}

/** A public route unless told otherwise. */
export function route(targets: Target[], fields: Partial<Omit<Route, "$typeName">> = {}): Route {
  const deployment = fields.deployment ?? "iris";
  return create(RouteSchema, {
    key: `default/${deployment}`,
    group: "default",
    deployment,
    deploymentUid: `uid-of-${deployment}`,
    running: true,
    visibility: Visibility.PUBLIC,
    timeoutMs: 5_000n,
    bodySizeBytes: 4_000_000n,
    inFlightPerReplica: 64,
    targets,
    ...fields,
  });
}

export function token(
  client: string,
  text: string,
  fields: { expiresAtMs?: bigint; revokedAtMs?: bigint; replacedAtMs?: bigint; methods?: TokenMethod[] } = {},
): RouteToken {
  const hmac = createHmac("sha256", TOKEN_KEY).update(text).digest();
  return create(RouteTokenSchema, { client, hmac, ...fields });
}

function testConfig(stateDirectory: string): GatewayConfig {
  return {
    host: "127.0.0.1",
    port: 0,
    grpcPort: 0,
    stateDirectory,
    tokenKeyFile: "",
    internalSecretFile: "",
    schedulerAddresses: [],
    maxConnections: 1_000,
    maxHeaderBytes: 16_384,
    maxBodyBytes: 768 * 1024 * 1024,
    maxCallerBodyBytes: 256 * 1024 * 1024,
    headersTimeoutMs: 10_000,
    requestTimeoutMs: 60_000,
    idleTimeoutMs: 75_000,
    consoleUrl: undefined,
    processName: "gateway-test",
    recordDirectory: undefined,
    logLevel: "error",
    tokenKey: TOKEN_KEY,
    internalSecret: INTERNAL_SECRET,
  };
}
