import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuditView } from "@slipway/contracts";
import { AUDIT_LIMIT, type Context, listAudit } from "@slipway/domain";
import * as z from "zod";
import { activityFilter, auditQueryOf } from "../routers/activity.ts";
import { type CallContext, readQuery, requireActor } from "../trpc.ts";

export const ACTIVITY_EXPORT_PATH = "/api/v1/activity/export";
/** More entries than this are not exported at once; `from` and `to` cut a longer time into pieces. */
export const EXPORT_LIMIT = 100_000;

export const exportQuery = activityFilter.extend({
  format: z.enum(["ndjson", "csv"]).default("ndjson").describe("ndjson, or csv for a spreadsheet"),
});
type Format = z.output<typeof exportQuery>["format"];

const COLUMNS = ["at", "actor", "action", "group", "kind", "name", "message", "requestId", "diff"] as const;
const TYPES: Readonly<Record<Format, string>> = {
  ndjson: "application/x-ndjson; charset=utf-8",
  csv: "text/csv; charset=utf-8",
};

/**
 * Sends the activity that a filter lets through, the newest first, as a file: one JSON object a line, or CSV. It is read page
 * by page, no faster than the reader takes it.
 * @throws auth/missing, auth/forbidden, request/invalid before anything was sent
 */
export async function exportActivity(
  request: IncomingMessage,
  response: ServerResponse,
  context: CallContext,
): Promise<void> {
  const { requestId } = context;
  const actor = requireActor(context, "query");
  const { format, ...filter } = readQuery(exportQuery, request);
  const pages = readPages({ ...context, actor }, auditQueryOf(filter));
  const first = await pages.next();
  response.writeHead(200, {
    "content-type": TYPES[format],
    "content-disposition": `attachment; filename="slipway-activity.${format}"`,
    "cache-control": "no-store",
    "x-request-id": requestId,
  });
  const abort = new AbortController();
  response.once("close", () => abort.abort());
  if (format === "csv") response.write(`${COLUMNS.join(",")}\r\n`);
  for (let page = first; page.done !== true && !abort.signal.aborted; page = await pages.next()) {
    const text = page.value.map((entry) => lineOf(entry, format)).join("");
    if (!response.write(text)) await once(response, "drain", { signal: abort.signal }).catch(() => undefined);
  }
  response.end();
}

async function* readPages(ctx: Context, query: Parameters<typeof listAudit>[1]): AsyncGenerator<AuditView[], void> {
  let after: string | null = null;
  let left = EXPORT_LIMIT;
  do {
    const limit = Math.min(left, AUDIT_LIMIT);
    const page: Awaited<ReturnType<typeof listAudit>> = await listAudit(ctx, {
      ...query,
      limit,
      ...(after === null ? {} : { after }),
    });
    yield page.items;
    left -= page.items.length;
    after = page.next;
  } while (after !== null && left > 0);
}

function lineOf(entry: AuditView, format: Format): string {
  switch (format) {
    case "ndjson":
      return `${JSON.stringify(entry)}\n`;
    case "csv":
      return `${COLUMNS.map((column) => csvField(entry[column])).join(",")}\r\n`;
    default:
      return format satisfies never;
  }
}

/** As RFC 4180 has it. What a spreadsheet would take for a formula is kept a text. */
function csvField(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
