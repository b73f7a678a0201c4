import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { LogLine } from "@slipway/contracts";
import { followLogs, type SchedulerContext } from "@slipway/domain";
import * as z from "zod";
import { refOf } from "../routers/inputs.ts";
import { filterWithSearchOf, logFilterWithSearchInput } from "../routers/log-inputs.ts";

const MAX_TAIL = 1_000_000;

export const logsQuery = logFilterWithSearchInput.extend({
  tail: z
    .union([z.literal("all").transform(() => null), z.coerce.number().int().min(0).max(MAX_TAIL)])
    .default(200)
    .describe("How many of the newest lines to begin with, or all"),
  follow: z
    .enum(["true", "false", "1", "0", ""])
    .default("false")
    .describe("Whether to go on with new lines until the reader leaves")
    .transform((word) => word === "true" || word === "1"),
  format: z.enum(["ndjson", "text"]).default("ndjson").describe("ndjson, or text as the command line shows it"),
  download: z
    .enum(["true", "false"])
    .default("false")
    .describe("Whether a browser is to keep it as a file")
    .transform((word) => word === "true"),
});
export type LogsQuery = z.output<typeof logsQuery>;

/** How long an error may take to still become an answer of its own. */
const DECIDE_MS = 1_000;

/**
 * Sends log lines while they come, no faster than the reader takes them, until it leaves: one JSON object a line, or as
 * text. A line that comes in pieces is one line of the text, and one object for each piece otherwise.
 */
export async function streamLogs(response: ServerResponse, context: SchedulerContext, query: LogsQuery): Promise<void> {
  const abort = new AbortController();
  response.once("close", () => abort.abort());
  const { tail, follow } = query;
  const filter = filterWithSearchOf(query, context.clock.now());
  try {
    const lines = followLogs(context, { ref: refOf(query), filter, tail, follow }, abort.signal);
    await copyLines(response, context, lines, query, abort.signal);
  } catch (error) {
    // A reader who has left needs no answer.
    if (!abort.signal.aborted) throw error;
  }
}

async function copyLines(
  response: ServerResponse,
  { clock, requestId }: SchedulerContext,
  lines: AsyncIterator<LogLine>,
  query: LogsQuery,
  signal: AbortSignal,
): Promise<void> {
  const first = lines.next();
  // An error that comes at once is an answer of its own; one that comes after the headers can only cut the stream.
  await Promise.race([first, clock.sleep(DECIDE_MS, signal)]);
  response.writeHead(200, { ...headersOf(query), "cache-control": "no-store", "x-request-id": requestId });
  response.flushHeaders();
  const write = query.format === "text" ? textWriter() : (line: LogLine) => `${JSON.stringify(line)}\n`;
  for (let next = await first; next.done !== true; next = await lines.next()) {
    if (!response.write(write(next.value))) await once(response, "drain", { signal });
  }
  response.end();
}

function headersOf({ format, download, name }: LogsQuery): Record<string, string> {
  const type = format === "text" ? "text/plain; charset=utf-8" : "application/x-ndjson; charset=utf-8";
  const file = `${name.replaceAll(/[^a-z0-9.-]/gi, "_")}-logs.${format === "text" ? "txt" : "ndjson"}`;
  return { "content-type": type, ...(download ? { "content-disposition": `attachment; filename="${file}"` } : {}) };
}

/** Writes lines as the command line shows them: when, who, what. Pieces of one line follow each other. */
function textWriter(): (line: LogLine) => string {
  let isRest = false;
  return ({ atMs, source, text, isContinued }) => {
    const at = atMs === 0 ? "" : `${new Date(atMs).toISOString()} `;
    const start = isRest ? "" : `${at}${source} `;
    isRest = isContinued;
    return `${start}${text}${isContinued ? "" : "\n"}`;
  };
}
