import type { ProgressStep } from "@slipway/contracts";
import { Icon, type IconName } from "@slipway/ui/icon";
import { ExactTime } from "@slipway/ui/relative-time";
import { durationWords, timedSteps } from "./progress-steps.ts";

const STEPS: { readonly [Name in ProgressStep["name"]]: string } = {
  placed: "Placed on a server",
  fetched: "Model fetched",
  loaded: "Model loaded",
  routed: "Requests reach it",
};

const STATES: { readonly [Name in ProgressStep["state"]]: { icon: IconName; word: string; look: string } } = {
  waiting: { icon: "clock", word: "waiting", look: "text-ink-soft" },
  running: { icon: "turning", word: "under way", look: "text-busy" },
  done: { icon: "check", word: "done", look: "text-good" },
  failed: { icon: "cross", word: "failed", look: "text-bad" },
};

/** How far a deployment is on its way to serving, and how long each step took. */
export function ProgressList({ progress }: { progress: readonly ProgressStep[] }) {
  return (
    <ol className="grid gap-2">
      {timedSteps(progress).map(({ name, state, at, tookMs }) => {
        const { icon, word, look } = STATES[state];
        return (
          <li key={name} className="flex gap-2 text-sm">
            <Icon name={icon} className={`mt-0.5 ${look} ${state === "running" ? "animate-turn" : ""}`} />
            <span>
              {STEPS[name]} <span className={look}>{word}</span>
              <span className="block text-ink-soft text-xs tabular-nums">
                {at === null ? null : <ExactTime iso={at} />}
                {tookMs === null ? "" : ` · ${durationWords(tookMs)} after the step before`}
              </span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
