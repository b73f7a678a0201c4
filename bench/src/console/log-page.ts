import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { resourceView } from "@slipway/contracts";
import { startTestPlatform, type TestPlatform } from "@slipway/testkit";
import { openBrowser } from "@slipway/testkit/browser";
import type { CDPSession, Page } from "playwright-core";
import * as z from "zod";
import { percentile } from "../pages/percentile.ts";

/**
 * A log of 200,000 lines in a real browser: how soon its first line is there, how long frames take while it is scrolled fast
 * and while lines come, how long the way to its oldest line is, and what the page keeps in memory. Beside them, in the same
 * browser, frames of a page at rest and of plain text scrolled the same way. Needs the pages' build.
 */
const LINES = 200_000;
const WHEELS = 240;
const WHEEL_PX = 2_400;
const PLAIN_LINES = 40_000;
const FOLLOW_MS = 6_000;
const FOLLOW_EVERY_MS = 50;
const LINES_A_TURN = 10;

const COLLECT = `
  window.__frames = [];
  (() => {
    let last = performance.now();
    const tick = (now) => { window.__frames.push(now - last); last = now; requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
  })();
`;

type Frames = { p50: number; p95: number; worst: number; count: number };

async function framesDuring(page: Page, doing: () => Promise<unknown>): Promise<Frames> {
  await page.evaluate("window.__frames.length = 0");
  await doing();
  const frames = z.array(z.number()).parse(await page.evaluate("window.__frames"));
  return {
    ...{ p50: percentile(frames, 0.5), p95: percentile(frames, 0.95), worst: Math.max(...frames) },
    count: frames.length,
  };
}

/** What scripts keep after everything that nobody needs is gone, in megabytes. */
async function heapMegabytes(devtools: CDPSession): Promise<number> {
  await devtools.send("HeapProfiler.collectGarbage");
  const { metrics } = await devtools.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN) / 1e6;
}

function lineOf(n: number, uid: string, atMs: number): string {
  const time = new Date(atMs).toISOString();
  const level = n % 997 === 0 ? "error" : n % 101 === 0 ? "warn" : "info";
  const base = { level, time, pid: 1, hostname: "host", name: "model-server-onnx-0", model: uid };
  return `${JSON.stringify({ ...base, version: "1f2e", requestId: `req_${n}`, msg: `request ${n} took ${n % 37} ms` })}\n`;
}

async function writeLog(platform: TestPlatform): Promise<(from: number, count: number) => void> {
  const { uid } = resourceView.parse((await platform.api("GET", "/models/iris.main")).body).metadata;
  const path = join(platform.dataDir, "logs", "model-server-onnx-0.log");
  // A time before that of the lines which are there already would count as theirs.
  const startMs = Date.now();
  const append = (from: number, count: number) =>
    appendFileSync(
      path,
      Array.from({ length: count }, (_, n) => lineOf(from + n, uid, startMs + (from + n) * 10)).join(""),
    );
  for (let from = 0; from < LINES; from += 10_000) append(from, 10_000);
  return append;
}

async function signIn(page: Page, platform: TestPlatform): Promise<void> {
  const { body } = await platform.api("POST", "/login-links", {});
  await page.goto(z.object({ url: z.string() }).parse(body).url);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

const wheel = async (page: Page, deltaY: number) => {
  await page.getByRole("log").hover();
  for (let turn = 0; turn < WHEELS; turn += 1) await page.mouse.wheel(0, deltaY);
};
/** The browser's own scrolling: nothing but text that is there from the start. */
async function scrollPlainText(page: Page): Promise<Frames> {
  const lines = Array.from(
    { length: PLAIN_LINES },
    (_, n) => `<div>12:00:00.000 Info onnx-0 request ${n} took 1 ms</div>`,
  );
  await page.setContent(`<div role="log" id="log" style="height:600px;overflow:auto">${lines.join("")}</div>`);
  await page.evaluate("document.getElementById('log').scrollTop = 1e9");
  await page.evaluate(COLLECT);
  const frames = await framesDuring(page, () => wheel(page, -WHEEL_PX));
  await page.close();
  return frames;
}

const row = (page: Page, n: number) => page.getByRole("button", { name: new RegExp(`request ${n} took`) });

const platform = await startTestPlatform({ demo: true, consoleUi: true });
const browser = await openBrowser();
try {
  const append = await writeLog(platform);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(COLLECT);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable");
  await signIn(page, platform);
  const rest = () => page.evaluate("new Promise((done) => setTimeout(done, 3000))");
  const idle = await framesDuring(page, rest);
  const emptyMb = await heapMegabytes(devtools);
  const plain = await scrollPlainText(await context.newPage());
  await page.bringToFront();
  const open = async () => {
    const startedMs = performance.now();
    await page.goto(`${platform.info.consoleUrl}/deployments/iris?tab=logs`);
    await row(page, LINES - 1).waitFor();
    return performance.now() - startedMs;
  };
  const [firstMs, againMs] = [await open(), await open()];
  const up = await framesDuring(page, () => wheel(page, -WHEEL_PX));
  const upMb = await heapMegabytes(devtools);
  const homeStart = performance.now();
  await page.getByRole("log").press("Home");
  await row(page, 0).waitFor();
  const homeMs = performance.now() - homeStart;
  const down = await framesDuring(page, () => wheel(page, WHEEL_PX));
  await page.getByRole("log").press("End");
  await row(page, LINES - 1).waitFor();
  let written = LINES;
  const following = await framesDuring(page, async () => {
    for (const end = performance.now() + FOLLOW_MS; performance.now() < end; written += LINES_A_TURN) {
      append(written, LINES_A_TURN);
      await new Promise((done) => setTimeout(done, FOLLOW_EVERY_MS));
    }
    await row(page, written - 1).waitFor();
  });
  const followMb = await heapMegabytes(devtools);
  const say = (what: string, frames: Frames) =>
    console.log(
      `${what.padEnd(38)} frame p50 ${frames.p50.toFixed(1)} ms, p95 ${frames.p95.toFixed(1)} ms, worst ${frames.worst.toFixed(0)} ms, of ${frames.count}`,
    );
  console.log(`Log of ${LINES.toLocaleString("en-GB")} lines in a browser`);
  console.log(`first line, and when opened again      ${firstMs.toFixed(0)} ms, ${againMs.toFixed(0)} ms`);
  say("a page at rest", idle);
  say(`${PLAIN_LINES.toLocaleString("en-GB")} lines of plain text, scrolled up`, plain);
  say(`scrolling up, ${WHEELS} turns of ${WHEEL_PX} px`, up);
  say("scrolling down from the oldest line", down);
  say(`following ${((LINES_A_TURN * 1_000) / FOLLOW_EVERY_MS).toFixed(0)} lines a second`, following);
  console.log(`to the oldest line (Home)              ${homeMs.toFixed(0)} ms`);
  console.log(
    `script memory: ${emptyMb.toFixed(0)} MB before, ${upMb.toFixed(0)} MB after scrolling up, ${followMb.toFixed(0)} MB after following`,
  );
} finally {
  await browser.close();
  await platform.stop();
}
