import type { GroupView } from "@slipway/contracts";

const NONE: readonly GroupView[] = [];
const AGAIN_AFTER_MS = 1_000;
const AGAIN_AFTER_AT_MOST_MS = 30_000;

export type GroupStore = {
  /** The groups that have something; none until the API has answered. */
  get(): readonly GroupView[];
  /** Reads when the first follower comes; calls when there are others. Returns how to stop. */
  follow(changed: () => void): () => void;
  /** Looks whether there are others now. */
  readAgain(): void;
};

/**
 * Holds the groups for everything on the page that names them. A read that failed is tried again, more and more seldom, as
 * long as anybody follows; `onFailure` may say that there is no use in it.
 */
export function createGroupStore(
  read: () => Promise<readonly GroupView[]>,
  onFailure: (error: unknown) => "try again" | "give up",
): GroupStore {
  const followers = new Set<() => void>();
  let groups: readonly GroupView[] | null = null;
  let isReading = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function readOnce(afterMs: number): Promise<void> {
    if (isReading) return;
    clearTimeout(timer);
    isReading = true;
    try {
      groups = await read();
      for (const changed of followers) changed();
    } catch (error) {
      if (onFailure(error) === "try again" && followers.size > 0) {
        timer = setTimeout(() => void readOnce(Math.min(2 * afterMs, AGAIN_AFTER_AT_MOST_MS)), afterMs);
      }
    } finally {
      isReading = false;
    }
  }

  return {
    get: () => groups ?? NONE,
    follow(changed) {
      followers.add(changed);
      if (groups === null) void readOnce(AGAIN_AFTER_MS);
      return () => {
        followers.delete(changed);
        if (followers.size === 0) clearTimeout(timer);
      };
    },
    readAgain: () => void readOnce(AGAIN_AFTER_MS),
  };
}
