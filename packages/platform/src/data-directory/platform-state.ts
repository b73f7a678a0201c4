import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DataDirLayout, writeFileAtomically } from "@slipway/service-kit";
import * as z from "zod";

const platformState = z.object({
  /** Ports that the last start chose by itself, so that the next one keeps its addresses. */
  ports: z.record(z.string(), z.int()).default({}),
  /** What was made once and is not made again, even when somebody deleted it. */
  done: z.array(z.enum(["server", "demos"])).default([]),
});

/** What a data directory remembers from start to start. */
export type PlatformState = z.output<typeof platformState>;

function fileOf(layout: DataDirLayout): string {
  return join(layout.root, "state.json");
}

/** What the last start left; empty in a new data directory. */
export function readPlatformState(layout: DataDirLayout): PlatformState {
  try {
    return platformState.parse(JSON.parse(readFileSync(fileOf(layout), "utf8")));
  } catch {
    return platformState.parse({});
  }
}

/** Remembers for the next start. */
export function writePlatformState(layout: DataDirLayout, state: PlatformState): void {
  writeFileAtomically(fileOf(layout), `${JSON.stringify(state, null, 2)}\n`);
}
