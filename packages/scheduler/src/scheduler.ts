import type { Db } from "@slipway/db";
import { systemRandom, type Writer } from "@slipway/domain";
import type { FleetDriver } from "@slipway/fleet";
import { createRecorder, recorderService } from "@slipway/recorder";
import {
  type Clock,
  createHealthServer,
  type DiskRoom,
  type Logger,
  READY,
  type Registry,
  type Service,
  service,
} from "@slipway/service-kit";
import { createGaugeSampler } from "./gauges/gauge-sampler.ts";
import { Elector } from "./leader/elector.ts";
import { Leadership } from "./leader/leadership.ts";
import { createSchedulerMetrics } from "./metrics.ts";
import { ControlServer } from "./rpc/control-server.ts";

export type SchedulerConfig = {
  /** Unique among all schedulers of a platform. */
  schedulerId: string;
  controlPort: number;
  healthPort: number;
  /** What the platform's processes show each other. */
  secret: string;
  /** How long routers of a former leader are waited for; 10 s when unsaid. */
  routersUnknownMs?: number;
};

export type SchedulerDeps = {
  db: Db;
  /** The same database for the recorder, by connections of its own, so that its batches never make the leader wait. */
  recorderDb: Db;
  /** The disk that history goes to; unset where it is not looked at. */
  disk?: DiskRoom | undefined;
  clock: Clock;
  logger: Logger;
  registry: Registry;
  random: () => number;
  /** Made when the control port is known, because agents are told of it. */
  createDriver: (controlAddress: string) => FleetDriver;
};

export type Scheduler = Service & {
  /** host:port of the control streams, once started. */
  readonly controlAddress: string;
  readonly healthAddress: string;
  /** The present term; null while another scheduler leads or nobody does. */
  readonly leadership: Leadership | null;
};

/** A scheduler: competes for leading, and makes server fleets match desired state while it leads. */
export function createScheduler(config: SchedulerConfig, deps: SchedulerDeps): Scheduler {
  const { db, clock, logger, registry, random } = deps;
  const metrics = createSchedulerMetrics(registry);
  const recorder = createRecorder({ db: deps.recorderDb, disk: deps.disk, clock, logger, registry });
  const writer: Writer = { actor: { kind: "scheduler" }, requestId: "", random: systemRandom };
  let leadership: Leadership | null = null;
  let elector: Elector | null = null;
  let driver: FleetDriver | null = null;
  const theDriver = () => {
    driver ??= deps.createDriver(control.address);
    return driver;
  };
  const control: ControlServer = new ControlServer(
    { host: "127.0.0.1", port: config.controlPort, secret: config.secret },
    {
      leadership: () => leadership,
      leaderAddress: () => elector?.leaderAddress ?? "",
      driver: theDriver,
      recorder: recorderService(recorder, { secret: config.secret, logger }),
      logger,
    },
  );
  const ended = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const electing: Service = {
    name: "election",
    async start() {
      elector = new Elector(
        { id: config.schedulerId, address: control.address },
        {
          ...{ db, clock, logger },
          async lead(term) {
            const routersUnknown =
              config.routersUnknownMs === undefined ? {} : { routersUnknownMs: config.routersUnknownMs };
            leadership = new Leadership(term, {
              ...{ db, clock, logger, metrics, writer, random, driver: theDriver(), leaderId: config.schedulerId },
              ...routersUnknown,
            });
            await leadership.run().finally(() => {
              leadership = null;
            });
          },
        },
      );
      running = elector.run(ended.signal);
    },
    async stop() {
      ended.abort(new Error("the scheduler stops"));
      await running;
    },
    ready: () => READY,
  };
  const gauges = createGaugeSampler({
    ...{ clock, logger, recorder },
    world: () => (leadership?.isReady === true ? leadership.planner.world : null),
  });
  const health = createHealthServer({ registry, ready: () => whole.ready() }, { port: config.healthPort });
  const whole = service("scheduler", [recorder, control, health, electing, gauges]);
  return {
    name: whole.name,
    start: (signal) => whole.start(signal),
    stop: (deadline) => whole.stop(deadline),
    ready: () => whole.ready(),
    get controlAddress() {
      return control.address;
    },
    get healthAddress() {
      return `127.0.0.1:${health.address().port}`;
    },
    get leadership() {
      return leadership;
    },
  };
}
