import type { GroupView } from "@slipway/contracts";
import { useSyncExternalStore } from "react";
import { isSignedOut } from "../../trpc/call-error.ts";
import { trpc } from "../../trpc/client.ts";
import { signInAgain } from "../session/sign-in-again.ts";
import { createGroupStore } from "./group-store.ts";

/** One for the frame, which stays while pages come and go; it needs nothing of what pages hold their reads in. */
const store = createGroupStore(
  async () => (await trpc.group.list.query()).items,
  (error) => {
    if (!isSignedOut(error)) return "try again";
    signInAgain();
    return "give up";
  },
);
const NONE: readonly GroupView[] = [];

/** The groups that have something, none until the API has answered; `readAgain` looks whether there are others now. */
export function useGroups(): { groups: readonly GroupView[]; readAgain: () => void } {
  return { groups: useSyncExternalStore(store.follow, store.get, () => NONE), readAgain: store.readAgain };
}
