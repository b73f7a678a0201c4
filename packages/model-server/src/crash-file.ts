import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { monitored } from "@slipway/service-kit";
import * as z from "zod";

const modelRef = z.object({ name: z.string(), version: z.string() });
export type ModelRef = z.output<typeof modelRef>;

/** Content of the crash file: what was being loaded, and what was running, at the last moment of the process. */
export const crashReport = z.object({ loading: z.array(modelRef), running: z.array(modelRef) });
export type CrashReport = z.output<typeof crashReport>;

/** What a crash file says; empty when there is none. For whoever restarts a crashed server. */
export function readCrashFile(path: string): CrashReport {
  try {
    return crashReport.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return { loading: [], running: [] };
  }
}

/** Keeps on file which models could be to blame if the process died now. */
export type CrashFile = {
  /** Notes it; the returned function takes it back. */
  note(activity: keyof CrashReport, model: ModelRef): () => void;
  close(): void;
};

/**
 * One JSON object, padded with spaces and written over itself in a single call: after a crash of the process (not of
 * the machine) the file is whole. Starting empties it. Without a path nothing is kept.
 */
export function openCrashFile(path: string | undefined): CrashFile {
  if (path === undefined) return { note: () => () => undefined, close: () => undefined };
  const opened = openOrNone(path);
  if (opened === null) return { note: () => () => undefined, close: () => undefined };
  const file = opened;
  const active = { loading: new Set<ModelRef>(), running: new Set<ModelRef>() };
  let longest = 0;
  function write(): void {
    const text = JSON.stringify({ loading: [...active.loading], running: [...active.running] });
    longest = Math.max(longest, text.length);
    try {
      writeSync(file, text.padEnd(longest), 0);
    } catch {
      // Whom to blame after a crash is worth less than the run that is about to begin.
      monitored.failedStateWrites += 1;
    }
  }
  write();
  return {
    note(activity, { name, version }) {
      const entry = { name, version };
      active[activity].add(entry);
      write();
      return () => {
        active[activity].delete(entry);
        write();
      };
    },
    close: () => closeSync(file),
  };
}

/** null where the disk lets it not be opened: the models are served all the same, and a crash is then nobody's. */
function openOrNone(path: string): number | null {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, "w", 0o600);
  } catch {
    monitored.failedStateWrites += 1;
    return null;
  }
}
