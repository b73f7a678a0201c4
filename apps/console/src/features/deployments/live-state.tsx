import { relativeTime } from "@slipway/ui/format-time";
import { Icon } from "@slipway/ui/icon";

import type { Live } from "../../trpc/follow-live.ts";

/** The freshness in words. */
export function LiveState({ live, nowMs }: { live: Live; nowMs: number }) {
  switch (live.state) {
    case "connecting":
      return <span>Connecting…</span>;
    case "live":
      return (
        <span className="inline-flex items-center gap-1 align-bottom text-good">
          <Icon name="check" />
          Up to date
        </span>
      );
    case "stale":
      return (
        <span className="inline-flex items-center gap-1 align-bottom text-warn">
          <Icon name="plug" />
          Connection lost {relativeTime(new Date(live.sinceMs).toISOString(), nowMs)}; trying again
        </span>
      );
    default:
      return live satisfies never;
  }
}
