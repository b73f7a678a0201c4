import type { LogAnswer } from "@slipway/contracts";
import {
  type FleetDriver,
  type FleetEvent,
  type LogScope,
  type ReplicaKey,
  type ReplicaSpec,
  replicaId,
} from "@slipway/fleet";
import { FakeAgent, type FakeAgentOptions } from "./fake-agent.ts";

/** A fleet whose replicas are fake agents in this process. Outlives schedulers, as a real fleet does. */
export class FakeFleet implements FleetDriver {
  readonly agents = new Map<string, FakeAgent>();
  readonly #specs = new Map<string, ReplicaSpec>();
  readonly #options: Pick<FakeAgentOptions, "addresses" | "secret" | "outcome">;
  isPaused = false;

  constructor(options: Pick<FakeAgentOptions, "addresses" | "secret" | "outcome">) {
    this.#options = options;
  }

  agent(server: string, replica: number): FakeAgent {
    const agent = this.agents.get(`platform/${server}/${replica}`);
    if (agent === undefined) throw new Error(`there is no agent ${server}-${replica}`);
    return agent;
  }

  async start(spec: ReplicaSpec): Promise<void> {
    const id = replicaId(spec);
    this.#specs.set(id, spec);
    if (this.isPaused || this.agents.has(id)) return;
    const { group, server, replica, memoryBytes, capabilities } = spec;
    const agent = new FakeAgent({ ...this.#options, replica: { group, server, replica }, memoryBytes, capabilities });
    this.agents.set(id, agent.start());
  }

  async stop(key: ReplicaKey): Promise<void> {
    this.kill(key);
    this.#specs.delete(replicaId(key));
  }

  /** The agent dies; nobody starts it again until `start` is called. */
  kill(key: ReplicaKey): void {
    this.agents.get(replicaId(key))?.stop();
    this.agents.delete(replicaId(key));
  }

  stopAll(): void {
    for (const agent of this.agents.values()) agent.stop();
    this.agents.clear();
  }

  async list() {
    return [...this.#specs.entries()].map(([id, spec]) => ({
      spec,
      name: `agent-${spec.server}-${spec.replica}`,
      agentPid: this.agents.has(id) ? 1 : null,
      modelServerPid: null,
    }));
  }

  watch(_listener: (event: FleetEvent) => void): () => void {
    return () => undefined;
  }

  async replicasWithLogs(): Promise<ReplicaKey[]> {
    return [...this.#specs.values()];
  }

  /** What the last reader was let see. */
  lastScope: LogScope | null = null;

  async readLogs(scope: LogScope): Promise<LogAnswer> {
    this.lastScope = scope;
    return { is: "match", match: { count: 0, position: null, line: null } };
  }

  async capacity() {
    return { memoryBytes: 0, freeMemoryBytes: 0, cpus: 0 };
  }

  async release(): Promise<void> {}
}
