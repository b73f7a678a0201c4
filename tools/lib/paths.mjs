import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Node 24, which comes as a package; everything but the tools in this folder runs on it. */
export const NODE = join(ROOT, "node_modules", "node", "bin", "node");
/** Marks of finished steps; they go when node_modules goes. */
export const STAMPS = join(ROOT, "node_modules", ".slipway");
/** Things that may be made again at any time. */
export const CACHE = join(ROOT, ".cache");

/** Nothing that Slipway runs reports home, asks for updates or fetches anything but packages. */
export const QUIET_ENVIRONMENT = {
  CHECKPOINT_DISABLE: "1",
  PRISMA_HIDE_UPDATE_MESSAGE: "1",
  NEXT_TELEMETRY_DISABLED: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  ONNXRUNTIME_NODE_INSTALL: "skip",
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1",
  NO_UPDATE_NOTIFIER: "1",
};
