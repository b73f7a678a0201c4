import type { BrowserContext, ConsoleMessage } from "playwright-core";

/** What went wrong in the pages of a context, whoever noticed: the page's script, its policy, or the browser. */
export type PageFaults = {
  /** Faults so far, oldest first, each with the address it came from. */
  readonly seen: readonly string[];
  /** From now on, what matches is expected: a walk that kills the console will see refused connections. */
  tolerate(pattern: RegExp): void;
};

/** Collects uncaught errors, broken content policies and everything else that pages of a context report as an error. */
export function watchFaults(context: BrowserContext): PageFaults {
  const seen: string[] = [];
  const tolerated: RegExp[] = [];
  const note = (fault: string) => {
    if (!tolerated.some((pattern) => pattern.test(fault))) seen.push(fault);
  };
  context.on("weberror", (error) => note(`uncaught: ${error.error().stack ?? error.error().message}`));
  context.on("console", (message) => {
    if (message.type() === "error" && !isRefusal(message)) note(`${message.text()} (${message.location().url})`);
  });
  return { seen, tolerate: (pattern) => void tolerated.push(pattern) };
}

/** A 4xx that a page or the API answers is for the page to say in words; one for a script or style is a fault. */
function isRefusal(message: ConsoleMessage): boolean {
  return /status of 4\d\d/.test(message.text()) && !message.location().url.includes("/_next/");
}
