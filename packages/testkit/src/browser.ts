import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

// biome-ignore lint/style/noProcessEnv: tools/test.mjs says here which browser there is, or why there is none
const { CHROMIUM_PATH, SLIPWAY_NO_CHROMIUM } = process.env;
const PLACES = [CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/google-chrome"].filter((path) => path !== undefined);
const executablePath = PLACES.find((path) => existsSync(path));

/** Why no browser can be driven here; null when one can. */
export const noBrowser: string | null =
  executablePath === undefined ? (SLIPWAY_NO_CHROMIUM ?? "no chromium in CHROMIUM_PATH or /usr/bin") : null;

/** Everything that would make the browser call home is off. */
const QUIET = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser of this machine, without a window. */
export function openBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(noBrowser ?? "no browser");
  return chromium.launch({ executablePath, headless: true, args: QUIET });
}
