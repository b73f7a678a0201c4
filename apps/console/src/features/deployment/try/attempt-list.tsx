import { timeParts } from "@slipway/ui/format-time";
import { Icon } from "@slipway/ui/icon";
import { useTimeZone } from "@slipway/ui/time-zone";
import { latencyWords } from "./attempt-outcome.tsx";
import { ATTEMPTS_LIMIT, type Attempt } from "./trial.ts";

type Props = { attempts: readonly Attempt[]; shownId: number | null; onReturn: (id: number) => void };

/** The last tries of this page, to go back to. */
export function AttemptList({ attempts, shownId, onReturn }: Props) {
  const zone = useTimeZone();
  if (attempts.length < 2) return null;
  return (
    <section aria-labelledby="attempts" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <h2 id="attempts" className="mb-1 font-semibold text-lg">
        Tries
      </h2>
      <p className="mb-2 text-ink-soft text-sm">
        The last {ATTEMPTS_LIMIT}, until the page is closed. Choosing one brings its request back.
      </p>
      <ul className="grid gap-1">
        {attempts.map(({ id, atMs, outcome }) => {
          const isGood = outcome.kind === "answer" && outcome.answer.status < 300;
          return (
            <li key={id}>
              <button
                type="button"
                aria-current={id === shownId}
                onClick={() => onReturn(id)}
                className="flex min-h-9 w-full cursor-pointer items-center gap-3 rounded-md px-2 text-left text-sm tabular-nums hover:bg-hover aria-[current=true]:bg-quiet-soft"
              >
                <Icon name={isGood ? "check" : "cross"} className={isGood ? "text-good" : "text-bad"} />
                <span className="font-medium">{outcome.kind === "answer" ? outcome.answer.status : "No answer"}</span>
                {outcome.kind === "answer" ? <span>{latencyWords(outcome.answer.latencyMs)}</span> : null}
                <span className="ml-auto text-ink-soft">{timeParts(atMs, zone).time}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
