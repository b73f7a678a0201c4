import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import * as z from "zod";

/** How a page felt, in the terms of the web's own measures. Times in milliseconds. */
export type PageSpeed = { lcpMs: number; cls: number; inpMs: number | null };

/** A phone of the middle class on a good connection, as the developer tools of the browser name it. */
const FAST_4G = { offline: false, latency: 165, downloadThroughput: 1_012_500, uploadThroughput: 168_750 };
export const CPU_SLOWDOWN = 4;

/** Notes what the browser tells of a page from its first moment on. */
const OBSERVE = `
  window.__speed = { lcpMs: 0, cls: 0, events: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.__speed.lcpMs = entry.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__speed.cls += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.interactionId) window.__speed.events.push(entry.duration);
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
`;
const speed = z.object({ lcpMs: z.number(), cls: z.number(), events: z.array(z.number()) });

export type Visit = {
  url: string;
  ready: (page: Page) => Promise<unknown>;
  /** What a person does once the page is there; the slowest answer to it counts. */
  use?: (page: Page) => Promise<unknown>;
};

/** Opens a page with an empty cache, as a slow or a fast machine would, and uses it. */
export async function visit(
  browser: Browser,
  options: BrowserContextOptions,
  isSlow: boolean,
  { url, ready, use }: Visit,
): Promise<PageSpeed> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    await page.addInitScript(OBSERVE);
    if (isSlow) {
      const devtools = await context.newCDPSession(page);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
      await devtools.send("Network.enable");
      await devtools.send("Network.emulateNetworkConditions", FAST_4G);
    }
    await page.goto(url);
    await ready(page);
    // The largest paint is settled by the first input at the latest, and with a page that is ready.
    const { lcpMs, cls } = speed.parse(await page.evaluate("window.__speed"));
    if (use === undefined) return { lcpMs, cls, inpMs: null };
    await use(page);
    // Durations are told with the next frame.
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))");
    const used = speed.parse(await page.evaluate("window.__speed"));
    return { lcpMs, cls: used.cls, inpMs: Math.max(0, ...used.events) };
  } finally {
    await context.close();
  }
}
