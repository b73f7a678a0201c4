import { createServer } from "node:http";
import { startOwnPostgres, startTestConsole, type TestConsole } from "@slipway/testkit";
import { openBrowser } from "@slipway/testkit/browser";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import * as z from "zod";
import { report, table } from "./harness/report.ts";
import { changeToPixel } from "./pages/change-to-pixel.ts";
import { CHARTS, type ChartSpeed, chartSpeed } from "./pages/chart-speed.ts";
import { type PageSpeed, type Visit, visit } from "./pages/page-speed.ts";
import { percentile } from "./pages/percentile.ts";
import { seedDeployments } from "./pages/seed-deployments.ts";
import { seedMetrics } from "./pages/seed-metrics.ts";
import { weigh, weighLater, weighRoute } from "./pages/weigh-routes.ts";

/**
 * The console's pages over 10,000 deployments: how heavy they are, how soon they are drawn and answer on a slow machine and
 * on this one, and how soon a change is seen. Beside them, in the same browser, a page of one heading and nothing else.
 * Needs the pages' build, which `npm start` and `npm test` make.
 */
const DEPLOYMENTS = 10_000;
const VISITS = 5;
const LIST_CALLS = 200;
const CHANGES = 40;
const CHARTED = "model-00001";
/** Of each chart; the server makes at most 500 points of them. */
const CHARTED_MINUTES = 10_000;

const isAlive = (page: Page) => page.getByText("Up to date").waitFor();
const hasHeading = (page: Page) => page.getByRole("heading", { level: 1 }).first().waitFor();

const ROUTES: readonly { name: string; path: string; ready: (page: Page) => Promise<unknown> }[] = [
  { name: "list", path: "/deployments", ready: isAlive },
  { name: "detail", path: "/deployments/model-00001", ready: isAlive },
  { name: "new", path: "/deployments/-/new", ready: hasHeading },
  { name: "models", path: "/models", ready: hasHeading },
  { name: "servers", path: "/servers", ready: isAlive },
  { name: "activity", path: "/activity", ready: hasHeading },
  { name: "account", path: "/account", ready: hasHeading },
];

const postgres = await startOwnPostgres();
const { url: databaseUrl, db } = await postgres.database("bench_console");
let console: TestConsole | null = null;
let browser: Browser | null = null;
const bare = createServer((_, response) => {
  response
    .writeHead(200, { "content-type": "text/html" })
    .end("<!doctype html><title>bare</title><h1>Deployments</h1>");
}).listen(0, "127.0.0.1");
try {
  process.stdout.write(`${DEPLOYMENTS} deployments ...\n`);
  await seedDeployments(db, DEPLOYMENTS);
  console = await startTestConsole({ databaseUrl, ui: true });
  browser = await openBrowser();
  const signedIn = await signIn(browser, console);
  const weights = await weighAll(browser, signedIn, console.url);
  const speeds = await measureSpeeds(browser, signedIn, console.url);
  const charts = await measureCharts(browser, signedIn, console.url);
  const list = await measureList(console);
  const pixels = await measurePixels(browser, signedIn, console.url);
  report("console", { ...weights, ...speeds, ...charts, ...list, ...pixels }, [
    ...Object.keys(weights)
      .filter((metric) => metric.startsWith("kb_route_"))
      .map((metric) => ({ metric, atMost: 220 })),
    { metric: "kb_shell", atMost: 150 },
    { metric: "kb_lazy_charts", atMost: 130 },
    { metric: "slow_list_lcp_ms", atMost: 1_500 },
    { metric: "slow_detail_lcp_ms", atMost: 1_500 },
    { metric: "fast_list_lcp_ms", atMost: 800 },
    { metric: "fast_detail_lcp_ms", atMost: 800 },
    { metric: "slow_list_inp_ms", atMost: 100 },
    { metric: "slow_list_cls", atMost: 0.02 },
    { metric: "slow_detail_cls", atMost: 0.02 },
    { metric: "list_call_p95_ms", atMost: 60 },
    { metric: "list_page_kb", atMost: 40 },
    { metric: "change_to_pixel_p95_ms", atMost: 1_000 },
  ]);
} finally {
  bare.close();
  await browser?.close();
  await console?.stop();
  await db.close();
  await postgres.stop();
}

/** The cookies of somebody who is signed in, for every context that follows. */
async function signIn(browser: Browser, console: TestConsole): Promise<BrowserContextOptions> {
  const { body } = await console.api("POST", "/login-links", {});
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(z.object({ url: z.string() }).parse(body).url);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
  const storageState = await context.storageState();
  await context.close();
  return { storageState };
}

async function weighAll(browser: Browser, options: BrowserContextOptions, base: string) {
  process.stdout.write("weighing the scripts ...\n");
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const metrics: Record<string, number> = {};
  const weighed = [];
  for (const { name, path, ready } of ROUTES) {
    const weight = await weighRoute(page, `${base}${path}`, ready);
    weighed.push(weight);
    metrics[`kb_route_${name}`] = weight.routeBytes / 1024;
  }
  const [first, ...others] = weighed;
  const shell = new Set([...(first?.urls ?? [])].filter((url) => others.every(({ urls }) => urls.has(url))));
  metrics.kb_shell = (await weigh(shell)) / 1024;
  const detail = await weighRoute(page, `${base}/deployments/model-00001`, isAlive);
  const charts = () =>
    page.goto(`${base}/deployments/model-00001?tab=metrics`).then(() => page.waitForLoadState("networkidle"));
  metrics.kb_lazy_charts = (await weighLater(page, detail.urls, charts)) / 1024;
  await context.close();
  return metrics;
}

async function measureSpeeds(browser: Browser, options: BrowserContextOptions, base: string) {
  const address = bare.address();
  const bareUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
  const visits: Record<string, Visit> = {
    bare: { url: bareUrl, ready: hasHeading },
    list: { url: `${base}/deployments`, ready: isAlive, use: useList },
    detail: { url: `${base}/deployments/model-00001`, ready: isAlive, use: useDetail },
  };
  const metrics: Record<string, number> = {};
  const rows: string[][] = [];
  for (const pace of ["fast", "slow"] as const) {
    for (const [name, what] of Object.entries(visits)) {
      process.stdout.write(`${VISITS} ${pace} visits: ${name} ...\n`);
      const seen: PageSpeed[] = [];
      for (let turn = 0; turn < VISITS; turn += 1) seen.push(await visit(browser, options, pace === "slow", what));
      const lcpMs = percentile(
        seen.map((one) => one.lcpMs),
        0.75,
      );
      const cls = percentile(
        seen.map((one) => one.cls),
        0.75,
      );
      const inpMs = percentile(
        seen.flatMap((one) => one.inpMs ?? []),
        0.75,
      );
      metrics[`${pace}_${name}_lcp_ms`] = lcpMs;
      metrics[`${pace}_${name}_cls`] = cls;
      if (what.use !== undefined) metrics[`${pace}_${name}_inp_ms`] = inpMs;
      rows.push([pace, name, lcpMs.toFixed(0), cls.toFixed(3), what.use === undefined ? "" : inpMs.toFixed(0)]);
    }
  }
  process.stdout.write(`${table(["pace", "page", "LCP ms, p75", "CLS", "INP ms"], rows)}\n`);
  return metrics;
}

/** Looks for one, and opens and closes the palette. */
async function useList(page: Page): Promise<void> {
  await page.getByRole("searchbox").first().pressSequentially("model-0042", { delay: 60 });
  await page.locator('tr[data-name="model-00420"]').waitFor();
  await page.keyboard.press("ControlOrMeta+K");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
}

/** Reads other tabs and opens a dialog. */
async function useDetail(page: Page): Promise<void> {
  await page.getByRole("link", { name: "History" }).click();
  await page.getByRole("link", { name: "Config" }).click();
  await page.getByRole("button", { name: "Scale" }).click();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
}

/** Printed, and held to nothing: most of it is the processor's and the charting library's. */
async function measureCharts(browser: Browser, options: BrowserContextOptions, base: string) {
  process.stdout.write(`${CHARTS} charts of ${CHARTED_MINUTES} minutes, ${VISITS} slow visits ...\n`);
  const recorded = await seedMetrics(db, CHARTED, CHARTED_MINUTES);
  const seen: ChartSpeed[] = [];
  for (let turn = 0; turn < VISITS; turn += 1) {
    seen.push(await chartSpeed(browser, options, `${base}/deployments/${CHARTED}`, recorded));
  }
  const p75 = (pick: (one: ChartSpeed) => number) => percentile(seen.map(pick), 0.75);
  return {
    slow_charts_first_draw_ms: p75(({ firstDrawMs }) => firstDrawMs),
    slow_charts_zoom_ms: p75(({ zoomMs }) => zoomMs),
  };
}

async function measureList(console: TestConsole) {
  process.stdout.write(`${LIST_CALLS} calls of the list ...\n`);
  const samples: number[] = [];
  let bytes = 0;
  for (let turn = 0; turn < LIST_CALLS; turn += 1) {
    const startedMs = performance.now();
    const { body } = await console.api(
      "GET",
      `/deployment-rows?limit=50&search=${turn % 2 === 0 ? "" : `model-0${turn % 10}`}`,
    );
    samples.push(performance.now() - startedMs);
    bytes = Math.max(bytes, Buffer.byteLength(JSON.stringify(body)));
  }
  return {
    list_call_p50_ms: percentile(samples, 0.5),
    list_call_p95_ms: percentile(samples, 0.95),
    list_page_kb: bytes / 1024,
  };
}

async function measurePixels(browser: Browser, options: BrowserContextOptions, base: string) {
  process.stdout.write(`${CHANGES} changes under an open page ...\n`);
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(`${base}/deployments`);
  await isAlive(page);
  const samples = await changeToPixel(page, db, CHANGES);
  await context.close();
  return { change_to_pixel_p50_ms: percentile(samples, 0.5), change_to_pixel_p95_ms: percentile(samples, 0.95) };
}
