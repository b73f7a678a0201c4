import { latencyBucket, type ResourceStatus } from "@slipway/contracts";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import {
  type ConsoleWalk,
  describeInBrowser,
  expectGoodLooks,
  expectSlimScripts,
  isAlive,
  LIVE_STATUS,
  pressOn,
  startConsoleWalk,
} from "./walk.ts";

const LIVE: Partial<ResourceStatus> = {
  ...LIVE_STATUS,
  replicas: { ready: 2, starting: 0, wanted: 2 },
};
const CHARTS = [
  "Requests per second",
  "Success",
  "Answers by status",
  "Latency",
  "In flight",
  "Replicas",
  "CPU cores of its servers",
  "Memory of its models",
];

describeInBrowser("the metrics of a deployment", () => {
  let walk: ConsoleWalk;
  beforeAll(async () => {
    walk = await startConsoleWalk();
  });
  afterAll(() => walk?.close());

  /** Writes what a recorder would have kept of the last hour, with a gap of five minutes in its middle. */
  async function record(uid: string): Promise<void> {
    const last = Math.floor(Date.now() / 10_000) - 2;
    const rows = Array.from({ length: 350 }, (_, ago) => ({ ago, at: new Date((last - ago) * 10_000).toISOString() }))
      .filter(({ ago }) => ago < 150 || ago > 180)
      .map(({ ago, at }) => {
        const wave = Math.sin(ago / 25) + 1.2;
        const fails = ago > 60 && ago < 75 ? 6 : 0;
        const count = Math.round(wave * 40);
        const slow = ago > 55 && ago < 80 ? 8 : 1;
        return {
          at,
          codes: { 200: count, ...(fails > 0 ? { 503: fails } : {}), ...(ago % 9 === 0 ? { 400: 2, aborted: 1 } : {}) },
          latency: {
            [latencyBucket(4 * slow)]: Math.ceil(count * 0.6),
            [latencyBucket(9 * slow)]: Math.ceil(count * 0.36),
            [latencyBucket(40 * slow)]: Math.ceil(count * 0.04),
          },
          flight: Math.ceil(wave * slow),
          ready: ago > 60 && ago < 75 ? 1 : 2,
          cpu: Math.round(wave * 2_400),
          memory: 210_000_000 + ago * 20_000,
        };
      });
    await walk.database.db.pool.query(
      `INSERT INTO metric_rollup
         (deployment_uid, step, at, codes, latency, max_in_flight, replicas_ready, replicas_wanted, cpu_ms, cpu_over_ms, memory_bytes)
       SELECT $1, 10, at, codes, latency, flight, ready, 2, cpu, 10000, memory
       FROM jsonb_to_recordset($2) AS x(at timestamptz, codes jsonb, latency jsonb, flight int, ready int, cpu int, memory int)`,
      [uid, JSON.stringify(rows)],
    );
    await walk.database.db.pool.query("INSERT INTO deployment_rate VALUES ($1, 4.2, 12.5, 0.01, now())", [uid]);
  }

  async function recorded(group: string): Promise<void> {
    const uid = await walk.deploy({ name: "iris", group, title: "Iris classifier" });
    await walk.say(uid, LIVE);
    await record(uid);
  }

  async function open(page: Page, group: string, query = ""): Promise<void> {
    await page.goto(`${walk.url}/deployments/iris?group=${group}&tab=metrics${query}`);
    await isAlive(page);
  }
  const chart = (page: Page, title: string) => page.getByRole("region", { name: title, exact: true });
  const rangeIn = (page: Page) => new URL(page.url()).searchParams;

  test("every chart is drawn and told in words, the overview shows the last minute, and no policy is broken", async () => {
    await recorded("drawn");
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/iris?group=drawn`);
    await page.getByText("4.2/s").waitFor();
    await page.getByText("12.5 ms").waitFor();
    await page.getByRole("link", { name: "All metrics" }).click();
    for (const title of CHARTS) {
      await chart(page, title).locator("svg.recharts-surface path").first().waitFor();
      expect(await chart(page, title).textContent()).toMatch(/Latest|latest|In all/);
    }
    await page.getByRole("heading", { name: "Changes in this time" }).waitFor();
  });

  test("dragging over a chart zooms all of them, and the address and the back button know", async () => {
    await recorded("dragged");
    const page = await walk.signIn();
    await open(page, "dragged");
    const svg = chart(page, "Latency").locator("svg.recharts-surface").first();
    await svg.locator("path.recharts-line-curve").first().waitFor();
    await svg.scrollIntoViewIfNeeded();
    const box = await svg.boundingBox();
    if (box === null) throw new Error("the chart is not there");
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.4, y);
    await page.getByText(/UTC$/).first().waitFor();
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, y, { steps: 4 });
    await page.mouse.move(box.x + box.width * 0.7, y, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/range=custom/);
    const fromMs = Date.parse(rangeIn(page).get("from") ?? "");
    const toMs = Date.parse(rangeIn(page).get("to") ?? "");
    expect(toMs - fromMs).toBeGreaterThan(8 * 60_000);
    expect(toMs - fromMs).toBeLessThan(30 * 60_000);
    await page.goBack();
    await page.waitForURL((url) => url.searchParams.get("range") === null);
  });

  test("by keyboard alone: a range is chosen, zoomed, typed, and read as a table", async () => {
    await recorded("keyed");
    const page = await walk.signIn();
    await open(page, "keyed");
    await pressOn(page, "button", "15 min");
    await page.waitForURL(/range=15m/);
    await pressOn(page, "button", "Zoom out");
    await page.waitForURL(/range=custom/);
    await pressOn(page, "button", "From – to");
    await page.getByLabel("From").fill("2026-01-02T00:00");
    await page.getByLabel("To").fill("2026-01-01T00:00");
    await page.keyboard.press("Enter");
    await page.getByText("The end must be at least a minute after the beginning.").waitFor();
    await pressOn(page, "button", "1 h");
    await pressOn(page, "button", "Show as table");
    const table = page.getByRole("table", { name: /Metrics of the range/ });
    await table.getByRole("columnheader", { name: "p95 ms" }).waitFor();
    expect(await table.getByRole("row").count()).toBeGreaterThan(300);
    const href = await page.getByRole("link", { name: "Download CSV" }).getAttribute("href");
    const csv = decodeURIComponent(href ?? "").split("\r\n");
    expect(csv[0]).toContain("p99_ms");
    expect(csv.length).toBeGreaterThan(300);
  });

  test("it renews itself while the range ends now, and not while it is paused", async () => {
    await recorded("renewed");
    const page = await walk.signIn();
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("metrics.deployment")) asked.push(request.url());
    });
    await open(page, "renewed");
    await chart(page, "Latency").waitFor();
    const before = asked.length;
    await page.waitForRequest(/metrics\.deployment/, { timeout: 20_000 });
    expect(asked.length).toBeGreaterThan(before);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Paused" }).waitFor();
  });

  test("without requests it says so and leads to where one can be sent", async () => {
    await walk.say(await walk.deploy({ name: "iris", group: "silent" }), LIVE);
    const page = await walk.signIn();
    await open(page, "silent");
    await page.getByText("No requests in this time").waitFor();
    await expectGoodLooks(page, "metrics-empty-light");
    await page.getByRole("main").getByRole("link", { name: "Try it" }).last().click();
    await page.getByRole("heading", { name: "Request" }).waitFor();
  });

  test("what draws the charts is not asked for by any other tab", async () => {
    await recorded("weighed");
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/iris?group=weighed`);
    await isAlive(page);
    await expectSlimScripts(page);
    const scripts = await page.evaluate(
      "performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))",
    );
    const texts = await Promise.all(
      z
        .array(z.string())
        .parse(scripts)
        .map(async (url) => (await fetch(url)).text()),
    );
    for (const text of texts) expect(text).not.toContain("recharts-");
  });

  test("axe finds nothing and nothing overflows, in light and dark at every width", async () => {
    const group = "seen";
    await recorded(group);
    const page = await walk.signIn();
    await open(page, group);
    await chart(page, "Memory of its models").locator("path").first().waitFor();
    await expectGoodLooks(page, "metrics");
    await page.goto(`${walk.url}/deployments/iris?group=${group}&tab=metrics&range=15m`);
    await page.getByRole("button", { name: "From – to" }).click();
    await page.getByRole("button", { name: "Show as table" }).click();
    await page.getByRole("table").waitFor();
    await expectGoodLooks(page, "metrics-table");
    await page.goto(`${walk.url}/deployments/iris?group=${group}`);
    await page.getByText("4.2/s").waitFor();
    await expectGoodLooks(page, "overview-traffic");
  });
});
