import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { ResourceRef } from "@slipway/contracts";
import { getResource, type LogLine, type SchedulerContext } from "@slipway/domain";
import * as z from "zod";

export const logsQuery = z.object({
  tail: z.coerce.number().int().min(0).max(100_000).default(200),
  follow: z
    .enum(["true", "false", "1", "0", ""])
    .default("false")
    .transform((word) => word === "true" || word === "1"),
});
export type LogsQuery = z.output<typeof logsQuery>;

/** How long an error may take to still become an answer of its own. */
const DECIDE_MS = 1_000;

/** Sends log lines as newline-delimited JSON while they come, no faster than the reader takes them, until it leaves. */
export async function streamLogs(
  response: ServerResponse,
  context: SchedulerContext,
  ref: ResourceRef,
  query: LogsQuery,
): Promise<void> {
  const abort = new AbortController();
  response.once("close", () => abort.abort());
  try {
    await getResource(context, ref);
    await copyLines(response, context, context.scheduler.logs(ref, query, abort.signal), abort.signal);
  } catch (error) {
    // A reader who has left needs no answer.
    if (!abort.signal.aborted) throw error;
  }
}

async function copyLines(
  response: ServerResponse,
  { clock, requestId }: SchedulerContext,
  source: AsyncIterable<LogLine>,
  signal: AbortSignal,
): Promise<void> {
  const lines = source[Symbol.asyncIterator]();
  const first = lines.next();
  // An error that comes at once is an answer of its own; one that comes after the headers can only cut the stream.
  await Promise.race([first, clock.sleep(DECIDE_MS, signal)]);
  response.writeHead(200, {
    "content-type": "application/x-ndjson; charset=utf-8",
    "cache-control": "no-store",
    "x-request-id": requestId,
  });
  response.flushHeaders();
  for (let next = await first; next.done !== true; next = await lines.next()) {
    if (!response.write(`${JSON.stringify(next.value)}\n`)) await once(response, "drain", { signal });
  }
  response.end();
}
