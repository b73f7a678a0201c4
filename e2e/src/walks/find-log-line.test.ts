import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { resourceView } from "@slipway/contracts";
import { until } from "@slipway/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser, expectGoodLooks, type PlatformWalk, startWalk, tabTo, typeOn } from "../walk.ts";

const LINES = 100_000;
/** Where among the lines the one is that is looked for. */
const AT = 61_234;
const NEEDLE = "disk quota exceeded on /scratch";
/** The whole of it: longer than any screen, with an end that shows whether something is cut. */
const MESSAGE = `${NEEDLE} ${"while writing block 0x7f ".repeat(200)}and here it ends`;
const STRANGER = "01990000-0000-7000-8000-00000000ffff";

describeInBrowser("finding a line among 100,000", () => {
  let walk: PlatformWalk;
  let log: string;
  let uid: string;
  beforeAll(async () => {
    walk = await startWalk();
    log = join(walk.platform.dataDir, "logs", "model-server-onnx-0.log");
    const { body } = await walk.platform.api("GET", "/models/iris.main");
    ({ uid } = resourceView.parse(body).metadata);
    const startMs = Date.now();
    for (let from = 0; from < LINES; from += 10_000) {
      const lines = Array.from({ length: 10_000 }, (_, n) => lineOf(from + n, startMs + from + n));
      appendFileSync(log, lines.join(""));
    }
  });
  afterAll(() => walk?.close());

  /** A line as the model server's logger writes it. */
  function say(atMs: number, msg: string, level = "info", model = uid): string {
    const time = new Date(atMs).toISOString();
    return `${JSON.stringify({ level, time, pid: 1, hostname: "h", name: "model-server-onnx-0", model, version: "1", msg })}\n`;
  }
  function lineOf(n: number, atMs: number): string {
    if (n === AT) return say(atMs, MESSAGE, "error");
    // Another tenant has the same trouble, which is none of this one's business.
    if (n === AT + 5) return say(atMs, `${NEEDLE} of somebody else`, "error", STRANGER);
    return say(atMs, `request ${n} took ${n % 17} ms`);
  }
  const found = (page: Page) => page.getByRole("button", { name: NEEDLE });
  async function openLogs(page: Page): Promise<void> {
    await page.goto(`${walk.url}/deployments/iris?tab=logs`);
    await page.getByRole("button", { name: /request 99999 took/ }).waitFor();
  }
  /** What the opened line says, as it stands on the page. */
  const message = (page: Page) => page.locator("dd", { hasText: NEEDLE }).textContent();

  test("with the mouse: searched for, it is brought into view, whole, and its link leads to it again", async () => {
    const page = await walk.signIn();
    await openLogs(page);
    await page.getByRole("searchbox", { name: "Search the log" }).fill(NEEDLE);
    await page.getByText("1 of 1", { exact: true }).waitFor();
    await found(page).click();
    expect(await message(page)).toBe(MESSAGE);
    await page.getByRole("button", { name: "Copy link to it" }).click();
    const link = String(await page.evaluate("navigator.clipboard.readText()"));
    await page.goto(link);
    await found(page).waitFor();
  });

  test("by keyboard alone", async () => {
    const page = await walk.signIn();
    await openLogs(page);
    await typeOn(page, "searchbox", "Search the log", NEEDLE.toUpperCase());
    await page.getByText("1 of 1", { exact: true }).waitFor();
    await found(page).waitFor();
    await tabTo(page, "button", new RegExp(NEEDLE));
    await page.keyboard.press("Enter");
    expect(await message(page)).toBe(MESSAGE);
    await page.keyboard.press("ArrowDown");
    await page
      .getByRole("button", { name: `request ${AT + 1} took` })
      .and(page.locator(":focus"))
      .waitFor();
    await page.keyboard.press("End");
    await page.getByRole("button", { name: /request 99999 took/ }).waitFor();
    await page.keyboard.press("Home");
    await page.getByRole("button", { name: "Newest lines" }).waitFor();
    await page.keyboard.press("End");
    await page.getByRole("button", { name: /request 99999 took/ }).waitFor();
  });

  test("End leads to the newest lines, also while the oldest ones are still on their way", async () => {
    const page = await walk.signIn();
    await openLogs(page);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await page.route(/logs\.page.*oldest/, async (route) => {
      await released;
      await route.continue();
    });
    await page.getByRole("log").focus();
    const asked = page.waitForRequest(/logs\.page.*oldest/);
    await page.keyboard.press("Home");
    await asked;
    await page.keyboard.press("End");
    await page.getByRole("button", { name: "Pause" }).waitFor();
    const answered = page.waitForResponse(/logs\.page.*oldest/);
    release();
    await (await answered).finished();
    appendFileSync(log, say(Date.now() + LINES, "the very last"));
    await page.getByRole("button", { name: /the very last/ }).waitFor();
  });

  test("whoever scrolls up stays where they read while lines come, and is told how many", async () => {
    const page = await walk.signIn();
    await openLogs(page);
    await page.getByRole("log").hover();
    await page.mouse.wheel(0, -4_000);
    await page.getByRole("button", { name: "Newest lines" }).waitFor();
    appendFileSync(log, say(Date.now() + LINES, "one more") + say(Date.now() + LINES, "and another"));
    await page.getByRole("button", { name: "2 new lines" }).click();
    await page.getByRole("button", { name: /and another/ }).waitFor();
  });

  test("lines over time lead to any of them, by keyboard and mouse, and leave only a time when dragged across", async () => {
    const page = await walk.signIn();
    await openLogs(page);
    const time = page.getByRole("slider", { name: /^Time in the log/ });
    await tabTo(page, "slider", /^Time in the log/);
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page
      .getByRole("button", { name: /A new run begins/ })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Newest lines" }).waitFor();
    const box = await time.boundingBox();
    if (box === null) throw new Error("the bars are not drawn");
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.4, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, y, { steps: 5 });
    await page.mouse.up();
    const all = page.getByRole("button", { name: /^All times, not only from/ });
    await all.waitFor();
    await page.getByRole("button", { name: /request 99999 took/ }).waitFor({ state: "detached" });
    await page.waitForURL(({ searchParams }) => searchParams.has("since") && !searchParams.has("line"));
    await all.click();
    await page.getByRole("button", { name: /request 99999 took/ }).waitFor();
  });

  test("a page without a connection keeps its lines, says so, and catches up with each line once", async () => {
    const context = await walk.openContext();
    walk.tolerate(context, /ERR_INTERNET_DISCONNECTED|Failed to fetch/);
    const page = await walk.signIn(context);
    await openLogs(page);
    await context.setOffline(true);
    await page.getByText("The lines below stay.").waitFor();
    appendFileSync(log, say(Date.now() + LINES, "written meanwhile"));
    await context.setOffline(false);
    await page.getByRole("button", { name: /written meanwhile/ }).waitFor();
    await page.getByText("The lines below stay.").waitFor({ state: "detached" });
    expect(await page.getByRole("button", { name: /written meanwhile/ }).count()).toBe(1);
  });

  test("axe finds nothing on the tab and nothing overflows, in light and dark at every width", async () => {
    const page = await walk.signIn();
    await openLogs(page);
    await expectGoodLooks(page, "logs");
    await page.goto(`${walk.url}/deployments/iris?tab=logs&q=${encodeURIComponent(NEEDLE)}`);
    await found(page).click();
    await page.getByText("written by").waitFor();
    await expectGoodLooks(page, "logs-found");
  });

  test("the command line finds it too, whole and alone", async () => {
    const { code, stdout } = await walk.platform.cli(
      "logs",
      "deployment",
      "iris",
      "--search",
      NEEDLE,
      "--level",
      "error",
    );
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toEqual([expect.stringContaining(`"msg":"${MESSAGE}"`)]);
    const volume = await walk.platform.cli("logs", "deployment", "iris", "--search", NEEDLE, "--volume");
    expect(volume.stdout).toMatch(/^FROM +LINES +WARNINGS +ERRORS\n[\s\S]*\n\S+Z +1 +0 +1 +#+\n/);
  });

  test("after a crash the run before it can be read, and how it ended", async () => {
    walk.platform.kill9("model-server-onnx-0");
    const ended = "The run ended: by signal SIGKILL.";
    await until(
      async () =>
        (await walk.platform.cli("logs", "deployment", "iris", "--previous", "--tail", "5")).stdout.includes(ended),
      { timeoutMs: 60_000, what: "the crashed run is the previous one" },
    );
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/iris?tab=logs`);
    await page.getByLabel("Run").selectOption("Previous run");
    await page.getByRole("button", { name: ended }).waitFor();
    await page.getByRole("button", { name: /request 99999 took/ }).waitFor();
    await page.getByLabel("Run").selectOption("Current run");
    await page.getByRole("button", { name: /A new run begins/ }).waitFor();
    await page.getByRole("button", { name: ended }).waitFor({ state: "detached" });
  });
});
