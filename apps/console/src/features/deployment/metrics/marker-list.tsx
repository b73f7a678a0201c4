import type { MetricMarker } from "@slipway/contracts";
import { ExactTime } from "@slipway/ui/relative-time";

const WORDS: { readonly [Kind in MetricMarker["kind"]]: string } = {
  deploy: "Deployed",
  scale: "Scaled",
  rollback: "Rolled back",
  stop: "Stopped",
  start: "Started",
};
/** More than these are in the history. */
const SHOWN = 20;

/** A change in a few words. */
export function markerWords({ kind, generation, message }: MetricMarker): string {
  return `${WORDS[kind]}, revision ${generation}${message === "" ? "" : `: ${message}`}`;
}

/** The changes that the charts mark by upright lines, the latest first. */
export function MarkerList({ markers }: { markers: readonly MetricMarker[] }) {
  if (markers.length === 0) return null;
  return (
    <section aria-labelledby="markers" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <h2 id="markers" className="mb-2 font-semibold text-lg">
        Changes in this time
      </h2>
      <ul className="grid gap-1 text-sm">
        {markers
          .slice(-SHOWN)
          .toReversed()
          .map((marker) => (
            <li
              key={`${marker.at} ${marker.generation}`}
              className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 py-1"
            >
              <ExactTime iso={marker.at} className="text-ink-soft" />
              <span className="wrap-anywhere min-w-0 flex-1 basis-60">{markerWords(marker)}</span>
              <span className="wrap-anywhere text-ink-soft">{marker.actor}</span>
            </li>
          ))}
      </ul>
      {markers.length > SHOWN ? <p className="mt-2 text-ink-soft text-sm">Earlier ones are in the history.</p> : null}
    </section>
  );
}
