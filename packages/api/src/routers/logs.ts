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
import { procedure, router } from "../trpc.ts";
import { refOf } from "./inputs.ts";
import {
  filterOf,
  filterWithSearchOf,
  logFilterInput,
  logFilterWithSearchInput,
  logSearchInput,
  searchOf,
} from "./log-inputs.ts";

const cursor = z.string().max(65_536);
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
    .query(({ ctx, input, signal }) =>
      readLogPage(
        ctx,
        {
          ref: refOf(input),
          filter: filterWithSearchOf(input, ctx.clock.now()),
          place: placeOf(input),
          limit: input.limit,
        },
        signal ?? never,
      ),
    ),

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
