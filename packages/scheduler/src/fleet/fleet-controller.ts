import { memoryBytes, RUNTIME_CAPABILITIES } from "@slipway/contracts";
import type { FleetDriver, ReplicaKey, ReplicaSpec } from "@slipway/fleet";
import { backoffDelay, type Clock, type Logger } from "@slipway/service-kit";
import type { Planner } from "../planner/planner.ts";
import { replicaKey } from "../snapshot/keys.ts";
import type { ServerResource } from "../snapshot/types.ts";

const RETRY = { initialMs: 500, maxMs: 15_000, jitter: 0.5 };

export type FleetControllerDeps = {
  planner: Planner;
  driver: FleetDriver;
  clock: Clock;
  logger: Logger;
  random: () => number;
  signal: AbortSignal;
  /** A replica is gone, or a start failed: planning may be due. */
  wake: () => void;
  disconnect: (serverUid: string, index: number) => void;
};

/** Has the fleet's driver make and remove the replicas that the planner decided on; repeats what fails. */
export class FleetController {
  readonly #deps: FleetControllerDeps;
  readonly #stopping = new Set<string>();
  readonly #starting = new Set<string>();

  constructor(deps: FleetControllerDeps) {
    this.#deps = deps;
  }

  /** Learns what runs already, so that it is adopted, and ends what belongs to no server any more. */
  async adopt(nowMs: number): Promise<void> {
    const { planner, driver } = this.#deps;
    for (const { spec } of await driver.list()) {
      const server = planner.world.find("Server", spec.group, spec.server);
      if (server === undefined)
        void this.#repeat(`stop ${spec.server}-${spec.replica}`, (signal) => driver.stop(spec, signal));
      else planner.world.replica(server.uid, spec.replica, nowMs);
    }
  }

  /** Whether a replica is on its way out; its agent must not join again. */
  isStopping(serverUid: string, index: number): boolean {
    return this.#stopping.has(replicaKey(serverUid, index));
  }

  /** Makes every replica of a server that should run run; one that does is left alone. */
  ensure(server: ServerResource): void {
    for (const { index } of this.#deps.planner.world.replicasOfServer(server.uid)) this.start(server, index);
  }

  start(server: ServerResource, index: number): void {
    const id = replicaKey(server.uid, index);
    const { planner, driver } = this.#deps;
    if (this.#starting.has(id)) return;
    this.#starting.add(id);
    void this.#repeat(`start ${server.name}-${index}`, async (signal) => {
      // What should run is looked up at each try: the server may have changed, or the replica may not be wanted any more.
      const current = planner.world.servers.get(server.uid);
      if (current === undefined || !planner.world.replicas.has(id) || this.#stopping.has(id)) return;
      await driver.start(replicaSpec(current, index), signal);
    }).finally(() => this.#starting.delete(id));
  }

  stop(server: ServerResource, index: number): void {
    const id = replicaKey(server.uid, index);
    if (this.#stopping.has(id)) return;
    this.#stopping.add(id);
    this.#deps.disconnect(server.uid, index);
    void this.#repeat(`stop ${server.name}-${index}`, (signal) =>
      this.#deps.driver.stop({ group: server.group, server: server.name, replica: index }, signal),
    ).finally(() => {
      this.#stopping.delete(id);
      // The index may be wanted again by now; nothing was started while it was going.
      const current = this.#deps.planner.world.servers.get(server.uid);
      if (current !== undefined) this.ensure(current);
      this.#deps.wake();
    });
  }

  async #repeat(what: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal, clock, logger, random } = this.#deps;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        await work(signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        logger.warn({ err: error, what }, "the fleet's driver failed; trying again");
        await clock.sleep(backoffDelay(RETRY, attempt, random), signal).catch(() => undefined);
      }
    }
  }
}

function replicaSpec(server: ServerResource, replica: number): ReplicaSpec & ReplicaKey {
  return {
    group: server.group,
    server: server.name,
    replica,
    runtime: server.spec.runtime,
    capabilities: server.spec.capabilities ?? RUNTIME_CAPABILITIES[server.spec.runtime],
    memoryBytes: memoryBytes(server.spec.resources.memory),
  };
}
