import type { ResourceStatus } from "@slipway/contracts";
import type { Db } from "@slipway/db";
import { deleteResource, getResource } from "@slipway/domain";
import type { AssignedModel } from "@slipway/rpc/control/agent";
import { createRegistry, freePort, silentLogger, systemClock } from "@slipway/service-kit";
import { createScheduler, type Scheduler } from "../scheduler.ts";
import { FakeFleet } from "./fake-fleet.ts";
import { FakeRouter } from "./fake-router.ts";
import { adminContext, store } from "./store.ts";

export type RigOptions = {
  schedulers?: number;
  outcome?: (model: AssignedModel) => "ready" | "corrupt" | "never";
  routersUnknownMs?: number;
};

/** Schedulers on a real database with fake agents and a fake router on the real streams. */
export async function startRig(db: Db, options: RigOptions = {}) {
  const ports = await Promise.all(Array.from({ length: options.schedulers ?? 1 }, () => freePort()));
  const addresses = ports.map((port) => `127.0.0.1:${port}`);
  const secret = "internal";
  const fleet = new FakeFleet({
    addresses,
    secret,
    ...(options.outcome === undefined ? {} : { outcome: options.outcome }),
  });
  const router = new FakeRouter({ addresses, secret }).start();
  const ctx = adminContext(db);
  const running = new Set<Scheduler>();

  async function startScheduler(index: number): Promise<Scheduler> {
    const routersUnknown = options.routersUnknownMs === undefined ? {} : { routersUnknownMs: options.routersUnknownMs };
    const scheduler = createScheduler(
      { schedulerId: `scheduler-${index}`, controlPort: ports[index] ?? 0, healthPort: 0, secret, ...routersUnknown },
      {
        ...{ db, recorderDb: db, clock: systemClock, logger: silentLogger, random: Math.random },
        registry: createRegistry("scheduler"),
        createDriver: () => fleet,
      },
    );
    await scheduler.start(AbortSignal.timeout(10_000));
    running.add(scheduler);
    return scheduler;
  }

  async function stopScheduler(scheduler: Scheduler): Promise<void> {
    running.delete(scheduler);
    await scheduler.stop(AbortSignal.timeout(5_000));
  }

  const schedulers = [];
  for (let index = 0; index < ports.length; index += 1) schedulers.push(await startScheduler(index));

  return {
    ...{ ctx, fleet, router, addresses, secret, schedulers, startScheduler, stopScheduler },
    apply: (manifest: string) => store(db, manifest),
    delete: (kind: "Deployment" | "Server", name: string, group = "default") =>
      deleteResource(ctx, { ref: { kind, group, name } }),
    async status(name: string): Promise<ResourceStatus> {
      return (await getResource(ctx, { kind: "Deployment", group: "default", name })).status;
    },
    leader: () => [...running].find(({ leadership }) => leadership?.isReady === true),
    async stop(): Promise<void> {
      router.stop();
      for (const scheduler of [...running]) await stopScheduler(scheduler);
      fleet.stopAll();
    },
  };
}
export type Rig = Awaited<ReturnType<typeof startRig>>;

export const onnxServer = (replicas = 2, memory = "1Gi"): string => `
apiVersion: slipway.dev/v1
kind: Server
metadata: { name: onnx, group: platform }
spec: { replicas: ${replicas}, resources: { memory: ${memory} } }
`;

export const deployment = (name: string, uri = "file:/models/a.onnx", lines = ""): string => `
apiVersion: slipway.dev/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  variants: [{ model: { uri: "${uri}" } }]
${lines}
`;
