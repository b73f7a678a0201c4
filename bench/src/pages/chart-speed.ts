import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import * as z from "zod";
import { CPU_SLOWDOWN } from "./page-speed.ts";
import type { Recorded } from "./seed-metrics.ts";

/** How soon the charts of the metrics are there, in milliseconds. */
export type ChartSpeed = {
  /** From when their figures and what draws them are fetched until all of them are painted. */
  firstDrawMs: number;
  /** From the end of a drag until all of them are painted anew; asking for other figures is part of it. */
  zoomMs: number;
};

export const CHARTS = 8;

/**
 * Notes in the page when all charts have lines, and when all have other lines than before the pointer was let go. A line
 * counts as painted with the task after the frame that it came with.
 */
const OBSERVE = `
  window.__charts = { drawnMs: 0, releasedMs: 0, zoomedMs: 0, before: [] };
  window.__drawn = Promise.withResolvers();
  window.__zoomed = Promise.withResolvers();
  const linesOf = () => [...document.querySelectorAll("section svg.recharts-surface")]
    .map((svg) => [...svg.querySelectorAll("path.recharts-curve")].map((path) => path.getAttribute("d")).join())
    .filter((lines) => lines !== "");
  const onPaint = (note) => requestAnimationFrame(() => setTimeout(() => note(performance.now())));
  const look = () => {
    const seen = window.__charts;
    const lines = linesOf();
    if (lines.length < ${CHARTS}) return;
    if (seen.drawnMs === 0) { seen.drawnMs = -1; onPaint((ms) => { seen.drawnMs = ms; window.__drawn.resolve(); }); }
    const isAnew = seen.before.length === lines.length && lines.every((line, at) => line !== seen.before[at]);
    if (seen.releasedMs > 0 && seen.zoomedMs === 0 && isAnew) { seen.zoomedMs = -1; onPaint((ms) => { seen.zoomedMs = ms; window.__zoomed.resolve(); }); }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributeFilter: ["d"] });
  addEventListener("mouseup", (event) => {
    window.__charts.before = linesOf();
    window.__charts.releasedMs = event.timeStamp;
  }, { capture: true });
`;
const noted = z.object({ drawnMs: z.number(), releasedMs: z.number(), zoomedMs: z.number() });

/** Opens the metrics of a deployment on a slow processor and zooms into their middle by dragging. */
export async function chartSpeed(
  browser: Browser,
  options: BrowserContextOptions,
  deploymentUrl: string,
  { fromMs, toMs }: Recorded,
): Promise<ChartSpeed> {
  const context = await browser.newContext({ ...options, viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(OBSERVE);
    const devtools = await context.newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
    const range = `from=${new Date(fromMs).toISOString()}&to=${new Date(toMs).toISOString()}`;
    await page.goto(`${deploymentUrl}?tab=metrics&range=custom&${range}`);
    await page.evaluate("window.__drawn.promise");
    const fetchedMs = z.number().parse(
      await page.evaluate(`Math.max(...performance.getEntriesByType("resource")
        .filter(({ name, initiatorType, responseEnd }) =>
          responseEnd < window.__charts.drawnMs && (name.includes("metrics.deployment") || initiatorType === "script"))
        .map(({ responseEnd }) => responseEnd))`),
    );
    await dragOverMiddle(page);
    await page.evaluate("window.__zoomed.promise");
    const { drawnMs, releasedMs, zoomedMs } = noted.parse(await page.evaluate("window.__charts"));
    return { firstDrawMs: drawnMs - fetchedMs, zoomMs: zoomedMs - releasedMs };
  } finally {
    await context.close();
  }
}

async function dragOverMiddle(page: Page): Promise<void> {
  const chart = page.locator("section svg.recharts-surface").first();
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  if (box === null) throw new Error("there is no chart");
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.4, y);
  // The crosshair's values say that the chart follows the pointer.
  await page.getByText(/UTC$/).first().waitFor();
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, y, { steps: 8 });
  await page.mouse.up();
}
