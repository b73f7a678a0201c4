import type { CompiledRoute } from "./compile-route.ts";

/** A power of two. With 5,000 routes a change copies about 20 entries and one list of shards. */
const SHARDS = 256;

type Shard = ReadonlyMap<string, CompiledRoute>;

/**
 * The routes by key (`<group>/<deployment>`). Never changes: `with` makes another table that shares all shards that the
 * change does not touch, so a request keeps one consistent view and a change costs the same however many routes there are.
 */
export class RouteTable {
  static readonly empty = new RouteTable(
    Array.from({ length: SHARDS }, () => new Map()),
    0,
    0n,
    0n,
  );
  readonly #shards: readonly Shard[];
  readonly size: number;
  readonly epoch: bigint;
  readonly version: bigint;

  private constructor(shards: readonly Shard[], size: number, epoch: bigint, version: bigint) {
    this.#shards = shards;
    this.size = size;
    this.epoch = epoch;
    this.version = version;
  }

  get(key: string): CompiledRoute | undefined {
    return this.#shards[shardOf(key)]?.get(key);
  }

  *keys(): Generator<string> {
    for (const shard of this.#shards) yield* shard.keys();
  }

  *values(): Generator<CompiledRoute> {
    for (const shard of this.#shards) yield* shard.values();
  }

  /** The table after some routes changed; null = the route is gone. */
  with(changes: ReadonlyMap<string, CompiledRoute | null>, epoch: bigint, version: bigint): RouteTable {
    const shards = [...this.#shards];
    const copied = new Map<number, Map<string, CompiledRoute>>();
    let size = this.size;
    for (const [key, route] of changes) {
      const index = shardOf(key);
      const shard = copied.get(index) ?? new Map(this.#shards[index]);
      copied.set(index, shard);
      shards[index] = shard;
      size -= shard.delete(key) ? 1 : 0;
      if (route === null) continue;
      shard.set(key, route);
      size += 1;
    }
    return new RouteTable(shards, size, epoch, version);
  }
}

function shardOf(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
  return (hash ^ (hash >>> 15)) & (SHARDS - 1);
}
