import { type KindName, REGISTERED_MODEL, type ResourceView } from "@slipway/contracts";
import { type Change, currentCursor, type Db, watchChanges } from "@slipway/db";
import { backoffDelay, type Clock, READY, type Readiness, type Service } from "@slipway/service-kit";
import { readViews } from "./read-views.ts";

/** What a follower of resources hears. */
export type ResourceNews =
  /** From here on nothing is missed: list now, then apply what follows. Also after anything may have been missed. */
  | { type: "list" }
  /** These resources are now so; `removed` are the uids of those that are gone. */
  | { type: "changed"; resources: ResourceView[]; removed: string[] }
  /** Something of these registered models is another: made, versions, aliases, where they are deployed, gone. Read again. */
  | { type: "models"; models: ModelKey[] };
export type ModelKey = { group: string; name: string };

/** Without a kind: of every kind, and of registered models. Group `*` = every group. */
export type ResourceFilter = { kind?: KindName; group: string };
export type ResourceWatch = Service & {
  /** News of the resources that a filter takes, until the signal aborts. */
  follow(filter: ResourceFilter, signal: AbortSignal): AsyncIterable<ResourceNews>;
};

export type ResourceWatchDeps = { db: Db; clock: Clock; random: () => number; onError: (error: unknown) => void };

const BACKOFF = { initialMs: 100, maxMs: 2_000, jitter: 0.5 };
/** News that a slow follower may leave unread; beyond it is told to list again. */
const QUEUE_LIMIT = 256;

type Follower = { filter: ResourceFilter; queue: ResourceNews[]; wake: () => void };

/**
 * Reads the change feed once for a whole process and tells every follower what concerns it. When the database goes away or
 * the cursor expires, it begins anew and tells everybody to list again, so nothing is ever missed silently.
 */
export function createResourceWatch({ db, clock, random, onError }: ResourceWatchDeps): ResourceWatch {
  const followers = new Set<Follower>();
  const stopping = new AbortController();
  let state: Readiness = { ready: false, reason: "the change feed is not read yet" };
  let running: Promise<void> = Promise.resolve();

  function tell(follower: Follower, news: ResourceNews): void {
    if (news.type === "list" || follower.queue.length >= QUEUE_LIMIT) follower.queue = [{ type: "list" }];
    else follower.queue.push(news);
    follower.wake();
  }

  async function publish(changes: readonly Change[]): Promise<void> {
    if (followers.size === 0) return;
    const byUid = new Map(changes.map((change) => [change.uid, change]));
    tellOfModels([...byUid.values()].filter(isOfRegistry));
    await tellOfResources([...byUid.values()].filter((change) => !isOfRegistry(change)));
  }

  function tellOfModels(changes: readonly Change[]): void {
    for (const follower of followers) {
      const models = changes.filter((change) => concerns(follower.filter, change));
      if (models.length === 0) continue;
      tell(follower, { type: "models", models: models.map(({ group, name }) => ({ group, name })) });
    }
  }

  async function tellOfResources(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const views = await readViews(
      { actor: { kind: "scheduler" }, db },
      changes.map(({ uid }) => uid),
    );
    const found = new Set(views.map(({ metadata }) => metadata.uid));
    for (const follower of followers) {
      const resources = views.filter(({ kind, metadata }) =>
        concerns(follower.filter, { kind, group: metadata.group }),
      );
      const removed = changes.filter((change) => !found.has(change.uid) && concerns(follower.filter, change));
      if (resources.length + removed.length === 0) continue;
      tell(follower, { type: "changed", resources, removed: removed.map(({ uid }) => uid) });
    }
  }

  async function readFeed(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        const from = await currentCursor(db);
        state = READY;
        for (const follower of followers) tell(follower, { type: "list" });
        for await (const changes of watchChanges(db, { from, signal, clock })) {
          attempt = 0;
          await publish(changes);
        }
      } catch (error) {
        if (signal.aborted) return;
        state = { ready: false, reason: "the change feed cannot be read" };
        onError(error);
        await clock.sleep(backoffDelay(BACKOFF, attempt, random), signal).catch(() => undefined);
      }
    }
  }

  return {
    name: "resource watch",
    async start() {
      running = readFeed(stopping.signal);
    },
    async stop() {
      stopping.abort(new Error("the resource watch is stopping"));
      for (const follower of followers) follower.wake();
      await running;
    },
    ready: () => state,
    async *follow(filter, signal) {
      let wake = () => {};
      const follower: Follower = { filter, queue: [{ type: "list" }], wake: () => wake() };
      const onAbort = () => wake();
      followers.add(follower);
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        while (!signal.aborted && !stopping.signal.aborted) {
          const next = follower.queue.shift();
          if (next !== undefined) yield next;
          else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        signal.removeEventListener("abort", onAbort);
        followers.delete(follower);
      }
    },
  };
}

function concerns(filter: ResourceFilter, change: Pick<Change, "group" | "kind">): boolean {
  return (filter.kind ?? change.kind) === change.kind && (filter.group === "*" || change.group === filter.group);
}

function isOfRegistry({ kind }: Change): boolean {
  return kind === REGISTERED_MODEL;
}
