import * as z from "zod";

/** The severities that lines have, the least first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
export const logLevel = z.enum(LOG_LEVELS);
export type LogLevel = z.output<typeof logLevel>;

/** The longest piece of a line that is handed out in one; a longer line comes in several, none of them cut off. */
export const LOG_PIECE_BYTES = 1024 * 1024;
/** The most lines of one page. */
export const LOG_PAGE_LINES = 2_000;
/** A page ends early when its lines take this much; it has one line at least. */
export const LOG_PAGE_BYTES = 2 * 1024 * 1024;
/** The longest text or pattern that may be searched for. */
export const LOG_SEARCH_LENGTH = 500;
/** How long one search may take; a pattern that needs longer is given up. */
export const LOG_SEARCH_MS = 2_000;
/** How many searches may wait for the one that is under way; one more is refused. */
export const LOG_SEARCHES_WAITING = 6;
/** The most runs that a page tells of, the newest. */
export const LOG_RUNS = 50;
/** The most bars that a volume is counted in. */
export const LOG_BARS = 200;
const CURSOR_LENGTH = 65_536;

/** What to look for in lines. */
export const logSearch = z.strictObject({
  text: z.string().min(1).max(LOG_SEARCH_LENGTH),
  isPattern: z.boolean().default(false).describe("Whether the text is a regular expression"),
  isCaseSensitive: z.boolean().default(false),
});
export type LogSearch = z.output<typeof logSearch>;

/** Which lines are meant; what is not said lets everything through. */
export const logFilter = z.strictObject({
  replicas: z.array(z.string().max(87)).max(100).exactOptional().describe("Names such as onnx-0"),
  run: z
    .string()
    .max(200)
    .exactOptional()
    .describe("current, previous, or the id of a run of a model server; leaves out what other processes wrote"),
  level: logLevel.exactOptional().describe("The least severity"),
  sinceMs: z.number().exactOptional(),
  untilMs: z.number().exactOptional(),
  search: logSearch.exactOptional().describe("Only lines in which this is found"),
});
export type LogFilter = z.output<typeof logFilter>;

/** Where a page begins. A cursor is what an earlier page answered; `line` is the id of a line that the page is around. */
export const logPlace = z.union([
  z.strictObject({ at: z.enum(["newest", "oldest"]) }),
  z.strictObject({ before: z.string().max(CURSOR_LENGTH) }),
  z.strictObject({ after: z.string().max(CURSOR_LENGTH) }),
  z.strictObject({ line: z.string().max(200) }),
]);
export type LogPlace = z.output<typeof logPlace>;

/** A question about logs: lines, or where something is found. */
export const logQuery = z.discriminatedUnion("want", [
  z.strictObject({
    want: z.literal("page"),
    filter: logFilter,
    place: logPlace,
    limit: z.int().min(1).max(LOG_PAGE_LINES),
  }),
  z.strictObject({
    want: z.literal("match"),
    filter: logFilter.omit({ search: true }),
    search: logSearch,
    /** Look on from this line; null = from the end. */
    from: z.string().max(200).nullable(),
    direction: z.enum(["older", "newer"]),
  }),
  z.strictObject({ want: z.literal("volume"), filter: logFilter, bars: z.int().min(1).max(LOG_BARS) }),
]);
export type LogQuery = z.output<typeof logQuery>;

export const logLine = z.object({
  id: z.string().describe("Names the line for good: its process's log and the place in it"),
  source: z.string().describe("The process: model-server-onnx-0"),
  replica: z.string().describe("onnx-0"),
  atMs: z
    .number()
    .describe("Milliseconds since 1970; that of the line before when the line does not say; 0 = not known"),
  run: z.string().nullable().describe("Id of the run that wrote it; null when its start is no longer kept"),
  level: logLevel.nullable(),
  requestId: z.string().nullable(),
  text: z.string(),
  isContinued: z.boolean().describe("Whether the next line of this source is the same line going on"),
});
export type LogLine = z.output<typeof logLine>;

/** One life of a process. */
export const logRun = z.object({
  id: z.string(),
  source: z.string(),
  replica: z.string(),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  exit: z.string().nullable().describe("How it ended, in words; null while it runs"),
});
export type LogRun = z.output<typeof logRun>;

export const logPage = z.object({
  lines: z.array(logLine).describe("The oldest first"),
  older: z.string().nullable().describe("Cursor of what came before; null when there is nothing"),
  newer: z.string().describe("Cursor of what comes after"),
  isEnd: z.boolean().describe("Whether there was nothing newer"),
  replicas: z.array(z.object({ name: z.string(), isHere: z.boolean().describe("False for one that is gone") })),
  runs: z.array(logRun).describe("Runs of model servers, the newest first"),
});
export type LogPage = z.output<typeof logPage>;

export const logMatch = z.object({
  count: z.int().describe("Lines in which it is found"),
  position: z.int().nullable().describe("Which of them this is, from 1 for the oldest; null when there is none"),
  line: z.string().nullable().describe("Id of the line"),
});
export type LogMatch = z.output<typeof logMatch>;

const lineCount = z.int().min(0);

/** The lines of a stretch of time, by severity. */
export const logBar = z.object({
  atMs: z.number().describe("Where it begins, in milliseconds since 1970; it lasts stepMs"),
  debug: lineCount,
  info: lineCount,
  warn: lineCount,
  error: lineCount,
  unsaid: lineCount.describe("Lines that do not say how severe they are"),
  line: z.string().nullable().describe("Id of its first line; null when it has none"),
});
export type LogBar = z.output<typeof logBar>;

export const logVolume = z.object({
  stepMs: z.int().min(0).describe("How long a bar lasts; 0 without lines whose time is known"),
  bars: z.array(logBar).describe("The oldest first, those without lines included"),
  count: lineCount.describe("Lines in all bars"),
  untimed: lineCount.describe("Lines that stand before any whose time is known"),
});
export type LogVolume = z.output<typeof logVolume>;

/** The answer to a question about logs. */
export const logAnswer = z.discriminatedUnion("is", [
  z.object({ is: z.literal("page"), page: logPage }),
  z.object({ is: z.literal("match"), match: logMatch }),
  z.object({ is: z.literal("volume"), volume: logVolume }),
]);
export type LogAnswer = z.output<typeof logAnswer>;
