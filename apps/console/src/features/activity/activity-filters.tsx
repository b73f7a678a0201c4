"use client";
import { Button } from "@slipway/ui/button";
import { useRouter } from "next/navigation";
import { type SyntheticEvent, useTransition } from "react";
import { GROUP_PARAMETER } from "../frame/group.ts";
import { type ActivityQuery, addressOf, isFiltered, NO_FILTER } from "./activity-query.ts";
import { actionWords, FILTER_ACTIONS } from "./describe-action.ts";

const FIELD = "mt-1 block min-h-9 w-full rounded-md border border-outline bg-surface px-3 py-1.5 text-ink";
const TIMES: readonly (readonly [value: string, words: string])[] = [
  ["-1h", "an hour ago"],
  ["-24h", "yesterday this time"],
  ["-7d", "7 days ago"],
  ["-30d", "30 days ago"],
];
const KINDS = ["Deployment", "Model", "Server"] as const;

/** The choices, and what the address gives besides. */
function withGiven(choices: readonly string[], given: string): readonly string[] {
  return given === "" || choices.includes(given) ? choices : [...choices, given];
}

/** What of the activity to show. It stands in the address, so that a link shows the same to everybody. */
export function ActivityFilters({ query }: { query: ActivityQuery }) {
  const router = useRouter();
  const [isLoading, startTransition] = useTransition();
  const show = (next: ActivityQuery) => startTransition(() => router.push(addressOf(next)));
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const read = (name: string) => String(fields.get(name) ?? "").trim();
    const { to } = query;
    const asked = { kind: read("kind"), name: read("name"), actor: read("actor"), action: read("action") };
    show({ group: query.group, ...asked, from: read("from"), to, after: "" });
  };
  return (
    // What the address says begins the fields anew.
    <form
      key={addressOf(query)}
      action="/activity"
      onSubmit={submit}
      aria-label="Filters"
      className="mb-4 grid items-end gap-3 text-ink-soft text-sm sm:grid-cols-2 lg:grid-cols-[9rem_1fr_1fr_12rem_10rem_auto]"
    >
      {/* For a browser that submits it by itself, before the page's script has come. */}
      <input type="hidden" name={GROUP_PARAMETER} value={query.group} />
      <label>
        Kind
        <select
          name="kind"
          defaultValue={query.kind}
          onChange={({ currentTarget }) => currentTarget.form?.requestSubmit()}
          className={`${FIELD} cursor-pointer`}
        >
          <option value="">all</option>
          {KINDS.map((kind) => (
            <option key={kind}>{kind}</option>
          ))}
        </select>
      </label>
      <label>
        Name of the object
        <input
          name="name"
          defaultValue={query.name}
          maxLength={127}
          autoComplete="off"
          spellCheck={false}
          className={FIELD}
        />
      </label>
      <label>
        Who
        <input
          name="actor"
          defaultValue={query.actor}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          placeholder="user:admin"
          className={`${FIELD} placeholder:text-ink-soft`}
        />
      </label>
      <label>
        What was done
        <select
          name="action"
          defaultValue={query.action}
          onChange={({ currentTarget }) => currentTarget.form?.requestSubmit()}
          className={`${FIELD} cursor-pointer`}
        >
          <option value="">everything</option>
          {withGiven(FILTER_ACTIONS, query.action).map((action) => (
            <option key={action} value={action}>
              {actionWords(action)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Since
        <select
          name="from"
          defaultValue={query.from}
          onChange={({ currentTarget }) => currentTarget.form?.requestSubmit()}
          className={`${FIELD} cursor-pointer`}
        >
          <option value="">the beginning</option>
          {withGiven(
            TIMES.map(([value]) => value),
            query.from,
          ).map((value) => (
            <option key={value} value={value}>
              {new Map(TIMES).get(value) ?? value}
            </option>
          ))}
        </select>
      </label>
      <span className="flex gap-2">
        <Button type="submit" className="min-h-9">
          {isLoading ? "Reading…" : "Show"}
        </Button>
        {isFiltered(query) ? (
          <Button look="quiet" className="min-h-9" onClick={() => show({ ...query, ...NO_FILTER, after: "" })}>
            Clear
          </Button>
        ) : null}
      </span>
    </form>
  );
}
