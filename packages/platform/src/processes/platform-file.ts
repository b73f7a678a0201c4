import { type FSWatcher, watch } from "node:fs";
import { type Clock, type DataDirLayout, keptFiles } from "@slipway/service-kit";
import * as z from "zod";
import { recordedProcesses } from "./find-processes.ts";

/** What `platform.json` says of a platform that is ready. */
export const platformInfo = z.object({
  consoleUrl: z.string(),
  /** Signs in whoever opens it first; spent after that. */
  signInUrl: z.string(),
  gatewayUrl: z.string(),
  gatewayGrpc: z.string(),
  processes: z.array(z.object({ name: z.string(), pid: z.int() })),
});
export type PlatformInfo = z.output<typeof platformInfo>;

export type PlatformFile = { info(): PlatformInfo; close(): void };

/** Nothing tells reliably that a file was renamed into a folder or that a process is gone, so it is looked at as well. */
const LOOK_EVERY_MS = 500;

/** Keeps platform.json true to the processes' records until it is closed, which removes it. */
export function keepPlatformFile(
  layout: DataDirLayout,
  fixed: Omit<PlatformInfo, "processes">,
  clock: Clock,
): PlatformFile {
  let written = "";
  let isClosed = false;
  let cancel = () => {};
  const info = (): PlatformInfo => ({
    ...fixed,
    processes: recordedProcesses(layout)
      .map(({ name, pid }) => ({ name, pid }))
      .toSorted((a, b) => a.name.localeCompare(b.name, "en")),
  });
  const refresh = () => {
    if (isClosed) return;
    const text = `${JSON.stringify(info(), null, 2)}\n`;
    if (text === written) return;
    // Taken by the disk now or later: this runs in a timer of the one process that must not end.
    keptFiles.write(layout.platformFile, text);
    written = text;
  };
  const look = () => {
    refresh();
    cancel = clock.after(LOOK_EVERY_MS, look);
  };
  const watcher = watchFolder(layout.processes, refresh);
  look();
  return {
    info,
    close() {
      isClosed = true;
      cancel();
      watcher?.close();
      keptFiles.remove(layout.platformFile);
    },
  };
}

/** null where the system has no more watches to give; the looks in between are enough then. */
function watchFolder(folder: string, onChange: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, onChange);
    watcher.on("error", () => undefined);
    return watcher;
  } catch {
    return null;
  }
}
