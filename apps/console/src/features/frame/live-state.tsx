"use client";
import { timeOfDay } from "@slipway/ui/format-time";
import { Icon } from "@slipway/ui/icon";
import { useTimeZone } from "@slipway/ui/time-zone";
import { useLiveState } from "../../trpc/use-live-state.ts";
import { signInAgain } from "../session/sign-in-again.ts";
import { SIGN_IN_PATH } from "../session/sign-in-page.ts";

/** How fresh the page is: in a word when all is well, in a line below the header when it is not. Nothing moves for it. */
export function LiveState() {
  const { live, isFollowed } = useLiveState();
  const zone = useTimeZone();
  switch (live.state) {
    case "connecting":
      return <span className="whitespace-nowrap text-ink-soft text-sm max-sm:sr-only">Connecting…</span>;
    case "live":
      return (
        <span className="inline-flex items-center gap-1 whitespace-nowrap text-good text-sm">
          <Icon name="check" />
          <span className="max-sm:sr-only">{isFollowed ? "Up to date" : "Connected"}</span>
        </span>
      );
    case "stale":
      return (
        <Strip>
          Not connected: shown as of {timeOfDay(live.sinceMs, zone)} {zone === "UTC" ? "UTC" : ""}
        </Strip>
      );
    case "signed out":
      return (
        <Strip>
          You are signed out.{" "}
          <a
            href={SIGN_IN_PATH}
            onClick={(event) => {
              event.preventDefault();
              signInAgain();
            }}
            className="underline underline-offset-2"
          >
            Sign in
          </a>
        </Strip>
      );
    default:
      return live satisfies never;
  }
}

/** A line that hangs over the empty top of the content. */
function Strip({ children }: { children: React.ReactNode }) {
  return (
    <span className="absolute inset-x-0 top-full flex min-h-6 items-center justify-center gap-1.5 border-line border-b bg-warn-soft px-2 text-sm text-warn">
      <Icon name="plug" />
      <span>{children}</span>
    </span>
  );
}
