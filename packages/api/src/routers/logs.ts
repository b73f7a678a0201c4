import {
  LOG_BARS,
  LOG_PAGE_LINES,
  type LogPlace,
  logMatch,
  logPage,
  logVolume,
  SlipwayError,
} from "@slipway/contracts";
import { findLogMatch, measureLogVolume, readLogPage } from "@slipway/domain";
import * as z from "zod";
import { type CallContext, procedure, router } from "../trpc.ts";
import { openCursor, sealCursor } from "./cursors.ts";
import { refOf } from "./inputs.ts";
import {
  filterOf,
  filterWithSearchOf,
  logFilterInput,
  logFilterWithSearchInput,
  logSearchInput,
  searchOf,
} from "./log-inputs.ts";

/** What an agent gave, and its signature. */
const cursor = z.string().max(65_600);
const never = new AbortController().signal;

/** What replicas wrote. Pages by cursor, so that nobody holds a connection open to follow. */
export const logsRouter = router({
  page: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/{kind}/{name}/log-lines",
        summary: "A page of log lines: the newest, or those before or after a cursor, or around a line",
      },
    })
    .input(
      logFilterWithSearchInput.extend({
        from: z.enum(["newest", "oldest"]).exactOptional().describe("Where to begin; unsaid = newest"),
        before: cursor.exactOptional().describe("`older` of a page: the lines before it"),
        after: cursor.exactOptional().describe("`newer` of a page: the lines after it"),
        line: z.string().max(200).exactOptional().describe("Id of a line: it and those around it"),
        limit: z.coerce.number().int().min(1).max(LOG_PAGE_LINES).default(500),
      }),
    )
    .output(logPage)
    .query(async ({ ctx, input, signal }) => {
      const filter = filterWithSearchOf(input, ctx.clock.now());
      const place = openPlace(ctx, placeOf(input));
      const page = await readLogPage(ctx, { ref: refOf(input), filter, place, limit: input.limit }, signal ?? never);
      const { older, newer } = page;
      return {
        ...page,
        older: older === null ? null : sealCursor(ctx, LOG_LINES, older),
        newer: sealCursor(ctx, LOG_LINES, newer),
      };
    }),

  match: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/{kind}/{name}/log-matches",
        summary: "In how many log lines something is found, and the next of them from a line on",
      },
    })
    .input(
      logFilterInput.extend({
        ...logSearchInput,
        from: z.string().max(200).exactOptional().describe("Id of the line to look on from; unsaid = from the end"),
        direction: z.enum(["older", "newer"]).default("older"),
      }),
    )
    .output(logMatch)
    .query(({ ctx, input, signal }) => {
      const { from = null, direction } = input;
      const filter = filterOf(input, ctx.clock.now());
      return findLogMatch(
        ctx,
        { ref: refOf(input), filter, search: searchOf(input), from, direction },
        signal ?? never,
      );
    }),

  volume: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/{kind}/{name}/log-volume",
        summary: "How many log lines there are over time, by severity",
      },
    })
    .input(
      logFilterWithSearchInput.extend({
        bars: z.coerce.number().int().min(1).max(LOG_BARS).default(60).describe("At most so many stretches of time"),
      }),
    )
    .output(logVolume)
    .query(({ ctx, input, signal }) => {
      const filter = filterWithSearchOf(input, ctx.clock.now());
      return measureLogVolume(ctx, { ref: refOf(input), filter, bars: input.bars }, signal ?? never);
    }),
});

const LOG_LINES = "logs.page";

/** The place as the agents know it. @throws request/invalid for a cursor that no page gave */
function openPlace(ctx: Pick<CallContext, "tokenKey">, place: LogPlace): LogPlace {
  if ("before" in place) return { before: openCursor(ctx, LOG_LINES, place.before, "before") };
  if ("after" in place) return { after: openCursor(ctx, LOG_LINES, place.after, "after") };
  return place;
}

type Place = { from?: "newest" | "oldest"; before?: string; after?: string; line?: string };

/** @throws request/invalid when more than one place is named */
function placeOf({ from, before, after, line }: Place): LogPlace {
  const places: LogPlace[] = [
    ...(from === undefined ? [] : [{ at: from }]),
    ...(before === undefined ? [] : [{ before }]),
    ...(after === undefined ? [] : [{ after }]),
    ...(line === undefined ? [] : [{ line }]),
  ];
  const [place, other] = places;
  if (other !== undefined) {
    throw new SlipwayError("request/invalid", { problem: "Only one of from, before, after and line may be said." });
  }
  return place ?? { at: "newest" };
}
