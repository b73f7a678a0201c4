import { Button } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import { fieldWords } from "../deployment/field-words.ts";
import { fieldOf } from "./manifest-value.ts";
import type { Choice, Conflict } from "./merge-sides.ts";
import type { Incoming } from "./use-incoming.ts";

const SIDES = ["theirs", "mine"] as const satisfies readonly Choice[];
const WORDS: { readonly [Side in Choice]: string } = { theirs: "Theirs", mine: "Yours" };

/** What two people changed to different values: both sides of each field, to choose from. All else is merged already. */
export function ConflictPanel({ incoming }: { incoming: Incoming }) {
  const { merge, version, choices, choose, settle } = incoming;
  const left = merge.conflicts.filter(({ path }) => choices[fieldOf(path)] === undefined).length;
  return (
    <div role="alert" className="rounded-lg border border-line">
      <Notice tone="warn" title="Somebody else changed what you are changing.">
        <p className="mb-3">
          Version {version} is there now. Nothing of yours is lost: choose for each field what it should be. Everything
          else of both sides goes together by itself.
        </p>
        <div className="grid gap-4">
          {merge.conflicts.map((conflict) => (
            <ConflictField key={fieldOf(conflict.path)} conflict={conflict} choices={choices} choose={choose} />
          ))}
        </div>
        <div className="mt-4 flex flex-wrap items-center gap-3">
          <Button look="primary" disabled={left > 0} onClick={settle}>
            Go on with version {version}
          </Button>
          {left === 0 ? null : (
            <span className="text-ink-soft text-sm">
              {left} {left === 1 ? "field is" : "fields are"} still to be chosen.
            </span>
          )}
        </div>
      </Notice>
    </div>
  );
}

function ConflictField({ conflict, choices, choose }: { conflict: Conflict } & Pick<Incoming, "choices" | "choose">) {
  const field = fieldOf(conflict.path);
  return (
    <fieldset>
      <legend className="wrap-anywhere mb-1 font-mono text-sm">{field}</legend>
      <p className="wrap-anywhere mb-2 text-ink-soft text-sm">
        When you began: <span className="font-mono text-xs">{fieldWords(conflict.base)}</span>
      </p>
      <div className="grid gap-2 sm:grid-cols-2">
        {SIDES.map((side) => (
          <label
            key={side}
            className="flex cursor-pointer items-start gap-3 rounded-lg border border-outline p-3 has-checked:border-accent has-checked:bg-hover"
          >
            <input
              type="radio"
              name={`conflict-${field}`}
              checked={choices[field] === side}
              onChange={() => choose(field, side)}
              className="mt-0.5 size-5 shrink-0 accent-accent"
            />
            <span className="min-w-0">
              <span className="block font-medium text-sm">{WORDS[side]}</span>
              <span className="wrap-anywhere block font-mono text-xs">{fieldWords(conflict[side])}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
