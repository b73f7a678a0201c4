import { SlipwayError } from "@slipway/contracts";
import * as z from "zod";
import type { View } from "./visible-lines.ts";

/** A place in each of several logs at once, so that going on from it neither misses a line nor gives one twice. */
const places = z.record(z.string(), z.number().min(0));

export function writeCursor(views: readonly View[], lineOf: (index: number) => number): string {
  const entries = views.map(({ source, log }, index) => [source.id, log.index.start(lineOf(index))]);
  return Buffer.from(JSON.stringify(Object.fromEntries(entries))).toString("base64url");
}

/** @throws request/invalid */
export function readCursor(text: string): Readonly<Record<string, number>> {
  try {
    return places.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch (error) {
    throw invalid("The cursor is not one that an answer gave.", "cursor", error);
  }
}

/** Names a line for good: its log and its place there. */
export function lineId({ source, log }: View, line: number): string {
  return `${source.id}:${log.index.start(line)}`;
}

/** @throws request/invalid */
export function readLineId(text: string): { source: string; place: number } {
  const [, source, place] = /^([a-z0-9-]{1,120}):(\d{1,15})$/.exec(text) ?? [];
  if (source === undefined || place === undefined)
    throw invalid("The line's id is not one that an answer gave.", "line");
  return { source, place: Number(place) };
}

function invalid(problem: string, field: string, cause?: unknown): SlipwayError {
  return new SlipwayError("request/invalid", { problem }, { field, ...(cause === undefined ? {} : { cause }) });
}
