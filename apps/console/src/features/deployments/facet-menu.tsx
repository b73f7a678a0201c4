import type { FacetName, FacetValue } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Popover } from "@slipway/ui/popover";
import { FACET_WORDS, valueWord } from "./facet-words.ts";

type Props = {
  facet: FacetName;
  /** What there is to choose from, with how many deployments each would give. */
  values: readonly FacetValue[];
  chosen: readonly string[];
  choose: (values: readonly string[]) => void;
};

/** One filter: its values with their counts, any of them chosen, or all but those. */
export function FacetMenu({ facet, values, chosen, choose }: Props) {
  const isNot = chosen.some((value) => value.startsWith("!"));
  const marked = new Set(chosen.map((value) => value.replace(/^!/, "")));
  const counts = new Map(values.map(({ value, count }) => [value, count]));
  // What is chosen stays in the list even where nothing has it any more.
  const all = [...counts.keys(), ...[...marked].filter((value) => !counts.has(value))];
  const apply = (next: ReadonlySet<string>, not: boolean) =>
    choose([...next].map((value) => (not ? `!${value}` : value)));
  const press = (value: string) => {
    const next = new Set(marked);
    if (!next.delete(value)) next.add(value);
    apply(next, isNot);
  };
  return (
    <Popover
      word={FACET_WORDS[facet]}
      isOn={marked.size > 0}
      detail={marked.size === 0 ? "" : `${isNot ? "not " : ""}${marked.size}`}
    >
      {() => (
        <>
          {all.length === 0 ? <p className="px-2 py-1.5 text-ink-soft">Nothing here has one.</p> : null}
          <ul>
            {all.map((value) => (
              <li key={value}>
                <label className="flex min-h-8 cursor-pointer items-center gap-2 rounded-md px-2 hover:bg-hover">
                  <input type="checkbox" checked={marked.has(value)} onChange={() => press(value)} className="size-4" />
                  <span className="wrap-anywhere min-w-0 flex-1">{valueWord(facet, value)}</span>
                  <span className="text-ink-soft tabular-nums">{counts.get(value) ?? 0}</span>
                </label>
              </li>
            ))}
          </ul>
          {marked.size === 0 ? null : (
            <div className="mt-1 flex items-center justify-between gap-2 border-line border-t pt-1">
              {facet === "attention" ? (
                <span />
              ) : (
                <label className="flex min-h-8 cursor-pointer items-center gap-2 px-2 text-ink-soft">
                  <input type="checkbox" checked={isNot} onChange={() => apply(marked, !isNot)} className="size-4" />
                  All but these
                </label>
              )}
              <Button look="quiet" onClick={() => choose([])}>
                Clear
              </Button>
            </div>
          )}
        </>
      )}
    </Popover>
  );
}
