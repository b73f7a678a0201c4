import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { SlipwayError } from "@slipway/contracts";
import {
  ByteBudget,
  type Clock,
  createRegistry,
  type Logger,
  operatorCheck,
  type Registry,
  type Service,
  service,
} from "@slipway/service-kit";
import type { GatewayConfig } from "./config.ts";
import { GrpcEdge } from "./grpc/grpc-edge.ts";
import { GrpcSessions } from "./grpc/sessions.ts";
import { Edge } from "./http/edge.ts";
import { createRequestIds } from "./http/request-id.ts";
import { Translator } from "./http/seldon-v1/translator.ts";
import { DeploymentServer } from "./http/serve-deployment.ts";
import { GatewayMetrics } from "./metrics.ts";
import { tokenDigest } from "./policies/client-token.ts";
import { CallRecords } from "./record/call-records.ts";
import { RecordSender } from "./record/record-sender.ts";
import { RouteFollower } from "./routes/follow-routes.ts";
import { TableStore } from "./routes/table-store.ts";
import { Deadlines } from "./traffic/deadlines.ts";

export type GatewayDeps = { clock: Clock; logger: Logger; registry?: Registry; random?: () => number };

/** A gateway, and where it listens once it has started. */
export type Gateway = Service & { address(): AddressInfo; grpcAddress(): AddressInfo };

/**
 * Makes a gateway: follows the scheduler's route table and serves inference by it. Once it has a table it serves
 * whether or not a scheduler lives. Stopping finishes what is in flight first, then tells the scheduler goodbye.
 */
export function createGateway(config: GatewayConfig, deps: GatewayDeps): Gateway {
  const { clock, logger, registry = createRegistry(config.processName), random = Math.random } = deps;
  const metrics = new GatewayMetrics(registry);
  const store = new TableStore(config.stateDirectory, { clock, logger });
  const records = new CallRecords(metrics);
  const { schedulerAddresses, internalSecret } = config;
  const control = { schedulerAddresses, internalSecret, routerId: `${config.processName}-${randomUUID()}` };
  const routes = new RouteFollower(control, { clock, logger, metrics, records, store, random });
  const sender = new RecordSender(control, { clock, logger, records, random });
  const bodies = new ByteBudget(
    { totalBytes: config.maxBodyBytes, callerBytes: config.maxCallerBodyBytes },
    (whose, limitBytes) =>
      new SlipwayError("gateway/bodies_full", {
        whose: whose === "caller" ? "this caller" : "all callers",
        limitBytes,
      }),
  );
  const shared = {
    bodies,
    book: routes.book,
    clock,
    logger,
    metrics,
    records,
    deadlines: new Deadlines(clock),
    digest: tokenDigest(config.tokenKey),
    requestIds: createRequestIds(),
  };
  const ready = () => gateway.ready();
  const translator = new Translator();
  const deployments = new DeploymentServer({ ...shared, translator, internalSecret });
  const { requestIds } = shared;
  const isOperator = operatorCheck(internalSecret);
  const edge = new Edge(config, {
    clock,
    logger,
    deployments,
    requestIds,
    health: { registry, ready, isOperator },
    welcome: { consoleUrl: config.consoleUrl },
  });
  const grpcEdge = new GrpcEdge(config, { ...shared, sessions: new GrpcSessions(), ready });
  metrics.watch({
    tableVersion: () => Number(routes.book.table?.version ?? 0n),
    tableAgeSeconds: () => (clock.monotonicMs() - routes.book.appliedAtMs) / 1_000,
    leaderConnected: () => routes.isLeaderConnected,
    drainingTargets: () => routes.book.ledger.draining,
    openConnections: () => edge.openConnections,
    waitingBatches: () => sender.queue.length,
    bodyBytes: () => bodies.heldBytes,
    bodiesRefused: () => bodies.refused,
    droppedRequests: () => sender.queue.droppedRequests,
  });
  const gateway = {
    ...service("gateway", [sender, routes, translator, grpcEdge, edge]),
    address: () => edge.address(),
    grpcAddress: () => grpcEdge.address(),
  };
  return gateway;
}
