import { randomBytes } from "node:crypto";
import type { Db } from "@slipway/db";
import type { Clock, DiskRoom } from "@slipway/service-kit";
import { v7 } from "uuid";
import type { Actor } from "./actor.ts";
import type { GatewayPort } from "./gateway-port.ts";
import type { SchedulerPort } from "./scheduler-port.ts";

/** Where ids and secrets come from, so that tests can foresee them. */
export type Random = { uuid(): string; bytes(length: number): Buffer };

/** UUIDs of version 7, which sort by time, and the system's cryptographic generator. */
export const systemRandom: Random = { uuid: () => v7(), bytes: randomBytes };

/** On whose behalf something is written; stands in the audit. */
export type Writer = { actor: Actor; requestId: string; random: Random };

/** What every verb gets. */
export type Context = Writer & {
  db: Db;
  clock: Clock;
  /** The disk that uploads and new revisions go to; unset where it is not looked at. */
  disk?: DiskRoom | undefined;
};

/** What verbs about credentials need besides. */
export type TokenContext = Context & {
  /** Key of the HMAC of client tokens, 32 bytes. */
  tokenKey: Buffer;
  /** Unset where no scheduler can be asked. */
  scheduler?: SchedulerPort;
};

/** What verbs that ask the leader need besides. */
export type SchedulerContext = Context & { scheduler: SchedulerPort };

/** What verbs that call deployments need besides. */
export type GatewayContext = Context & { gateway: GatewayPort };
