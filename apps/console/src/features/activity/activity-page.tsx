import type { AuditView } from "@slipway/contracts";
import { buttonClass } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import Link from "next/link";
import { Frame } from "../frame/frame.tsx";
import { EVERY_GROUP } from "../frame/group.ts";
import { type ApiAnswer, readApi } from "../frame/read-api.ts";
import { ActivityFilters } from "./activity-filters.tsx";
import { type ActivityQuery, addressOf, exportAddressOf, isFiltered, NO_FILTER } from "./activity-query.ts";
import { ActivityTable } from "./activity-table.tsx";

type Part = { items: AuditView[]; next: string | null };

const PAGE_ENTRIES = "50";

/** Who did what to the objects of a group, the newest first, page by page. All of what it shows is in its address. */
export async function ActivityPage({ query }: { query: ActivityQuery }) {
  const answer = await readApi<Part>("/activity", { ...query, limit: PAGE_ENTRIES });
  return (
    <Frame>
      <h1 className="font-semibold text-2xl tracking-tight">Activity</h1>
      <p className="mt-0.5 mb-4 text-ink-soft text-sm">
        Who did what {query.group === EVERY_GROUP ? "in every group" : `in group ${query.group}`}, the newest first
      </p>
      <ActivityFilters query={query} />
      <Answer answer={answer} query={query} />
    </Frame>
  );
}

function Answer({ answer, query }: { answer: ApiAnswer<Part>; query: ActivityQuery }) {
  if (!answer.ok) return <Refused answer={answer} query={query} />;
  const { items, next } = answer.body;
  return (
    <>
      {items.length === 0 ? (
        <Nothing query={query} />
      ) : (
        <ActivityTable entries={items} query={query} nowMs={Date.now()} />
      )}
      <nav aria-label="Pages of the activity" className="mt-4 flex flex-wrap justify-center gap-3">
        {query.after === "" ? null : (
          <Link href={addressOf({ ...query, after: "" })} className={buttonClass("plain")}>
            Newest
          </Link>
        )}
        {next === null ? null : (
          <Link href={addressOf({ ...query, after: next })} className={buttonClass("plain")}>
            Older
          </Link>
        )}
        {items.length === 0 ? null : (
          <>
            <a href={exportAddressOf(query, "csv")} download className={buttonClass("quiet")}>
              Download as CSV
            </a>
            <a href={exportAddressOf(query, "ndjson")} download className={buttonClass("quiet")}>
              Download as JSON lines
            </a>
          </>
        )}
      </nav>
    </>
  );
}

function Nothing({ query }: { query: ActivityQuery }) {
  return (
    <div className="mx-auto max-w-md rounded-xl border border-line bg-surface px-6 py-10 text-center text-ink-soft">
      <h2 className="mb-2 font-semibold text-ink text-lg">
        {isFiltered(query) ? "Nothing matches these filters" : "Nothing was done here yet"}
      </h2>
      {isFiltered(query) ? (
        <>
          <p className="mb-4">Name and who must be given in full, and the time may be too short.</p>
          <Link href={addressOf({ ...query, ...NO_FILTER, after: "" })} className={buttonClass("plain")}>
            Clear the filters
          </Link>
        </>
      ) : (
        <p>Every change of an object of this group is told here, with who made it.</p>
      )}
    </div>
  );
}

function Refused({ answer, query }: { answer: Exclude<ApiAnswer<Part>, { ok: true }>; query: ActivityQuery }) {
  switch (answer.reason) {
    case "not allowed":
      return (
        <Notice tone="warn" title={`You may not see the activity of group ${query.group}.`}>
          <p>Ask an administrator of the group for the role of an auditor.</p>
        </Notice>
      );
    case "refused":
      return (
        <Notice tone="bad" title="This address asks for something that there is not.">
          <p className="mb-4">{answer.words}</p>
          <Link href="/activity" className={buttonClass("plain")}>
            Show all activity
          </Link>
        </Notice>
      );
    default:
      return answer satisfies never;
  }
}
