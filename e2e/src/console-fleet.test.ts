import { readFileSync } from "node:fs";
import { type ResourceStatus, resourceView } from "@slipway/contracts";
import { until } from "@slipway/testkit";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readScripts } from "./browser.ts";
import {
  type ConsoleWalk,
  describeInBrowser,
  expectGoodLooks,
  isAlive,
  rowOf,
  SEEN_MS,
  startConsoleWalk,
} from "./walk.ts";

const MI = 2 ** 20;
const READY: Partial<ResourceStatus> = {
  lifecycle: "Live",
  health: "Healthy",
  traffic: "Serving",
  replicas: { ready: 1, starting: 0, wanted: 1 },
  memory: { capacityBytes: 4096 * MI, usedBytes: 1024 * MI },
};

describeInBrowser("servers and activity in a browser", () => {
  let walk: ConsoleWalk;
  let context: BrowserContext;

  beforeAll(async () => {
    walk = await startConsoleWalk();
  });
  afterAll(() => walk?.close());
  beforeEach(async () => {
    context = await walk.openContext();
  });

  const apply = (kind: "Deployment" | "Server", group: string, name: string, spec: object) =>
    walk.apply(kind, { group, name }, spec);
  const deploy = (group: string, name: string) => walk.deploy({ group, name });
  const signIn = () => walk.signIn(context);

  const entries = (page: Page) => page.getByRole("list", { name: "Activity" }).getByRole("listitem");

  test("the platform's servers and the group's own stand with what they can load, hold and lack, and live", async () => {
    const group = "fleet";
    const shared = await apply("Server", "platform", "shared", { capabilities: ["onnx", "onnx-int8"] });
    await apply("Server", "elsewhere", "hidden", {});
    await walk.say(shared, READY);
    const page = await signIn();
    await page.goto(`${walk.url}/servers?group=${group}`);
    const row = rowOf(page, "platform/shared");
    for (const text of ["onnx, onnx-int8", "1 GiB of 4 GiB", "25 % used", "Live", "Healthy", "Serving"]) {
      await row.getByText(text).waitFor();
    }
    await isAlive(page);
    expect(await rowOf(page, "elsewhere/hidden").count()).toBe(0);
    const own = await apply("Server", group, "own", {});
    await rowOf(page, `${group}/own`).waitFor({ timeout: SEEN_MS });
    await apply("Server", "elsewhere", "hidden-too", {});
    await walk.say(own, { ...READY, health: "Degraded", message: "Replica 0 does not answer." });
    await rowOf(page, `${group}/own`).getByText("Replica 0 does not answer.").waitFor({ timeout: SEEN_MS });
    expect(await rowOf(page, "elsewhere/hidden-too").count()).toBe(0);
  });

  test("a server is scaled in place by keyboard, and every open page sees it", async () => {
    const group = "scaled";
    await apply("Server", group, "onnx", {});
    const page = await signIn();
    const other = await context.newPage();
    for (const one of [page, other]) {
      await one.goto(`${walk.url}/servers?group=${group}`);
      await isAlive(one);
    }
    await page.getByRole("spinbutton", { name: "Replicas of onnx" }).fill("3");
    await page.keyboard.press("Enter");
    await page.getByText("onnx is scaled to 3.").waitFor();
    await rowOf(other, `${group}/onnx`).getByText("0/3").waitFor({ timeout: SEEN_MS });
    const { body } = await walk.console.api("GET", `/servers/onnx?group=${group}`);
    expect(resourceView.parse(body).spec.replicas).toBe(3);
  });

  test("a server that somebody else changed meanwhile is not overwritten: the API says so, and what was typed stays", async () => {
    const group = "contested";
    await apply("Server", group, "onnx", {});
    const page = await signIn();
    await page.goto(`${walk.url}/servers?group=${group}`);
    await isAlive(page);
    const row = rowOf(page, `${group}/onnx`);
    const field = row.getByRole("spinbutton");
    await field.fill("5");
    await walk.console.api("POST", `/servers/onnx/scale?group=${group}`, { replicas: 2 });
    await row.getByText("0/2").waitFor({ timeout: SEEN_MS });
    await row.getByRole("button", { name: "Scale onnx" }).click();
    await row.getByText("was changed by somebody else").waitFor();
    expect(await field.inputValue()).toBe("5");
    await row.getByRole("button", { name: "Scale onnx" }).click();
    await row.getByText("0/5").waitFor();
  });

  test("neither page asks for a schema library", async () => {
    const page = await signIn();
    await page.goto(`${walk.url}/servers`);
    const texts = await readScripts(page, () => isAlive(page));
    await page.goto(`${walk.url}/activity?group=*`);
    texts.push(...(await readScripts(page, () => entries(page).first().waitFor())));
    expect(texts.length).toBeGreaterThan(4);
    for (const text of texts) expect(text).not.toContain("ZodError");
  });

  test("activity says who did what to which object and why, and unfolds each field before and after", async () => {
    const group = "told";
    await deploy(group, "iris");
    await walk.console.api("POST", `/deployments/iris/scale?group=${group}`, { replicas: 3, message: "more callers" });
    const page = await signIn();
    await page.goto(`${walk.url}/deployments?group=${group}`);
    await page.getByRole("link", { name: "Activity" }).click();
    await page.waitForURL(`**/activity?group=${group}`);
    const newest = entries(page).first();
    await newest.getByText("more callers").waitFor();
    expect(await newest.textContent()).toContain("local-admin scaled deployment iris");
    expect(await newest.getByText("spec.scaling.replicas").isVisible()).toBe(false);
    await newest.getByText("1 field").focus();
    await page.keyboard.press("Enter");
    await newest.getByText("spec.scaling.replicas").waitFor();
    expect(await page.getByRole("link", { name: "Activity" }).getAttribute("aria-current")).toBe("page");
  });

  test("activity is narrowed by filters that stand in the address, and pages lead to the oldest entry", async () => {
    const group = "narrowed";
    await deploy(group, "iris");
    for (let n = 0; n < 52; n += 1) await deploy(group, `model-${n}`);
    const page = await signIn();
    await page.goto(`${walk.url}/activity?group=${group}`);
    await page.getByRole("link", { name: "Older" }).waitFor();
    expect(await entries(page).count()).toBe(50);
    await page.getByRole("link", { name: "Older" }).click();
    await page.getByRole("link", { name: "Newest" }).waitFor();
    expect(await entries(page).count()).toBe(3);
    await entries(page).last().getByRole("link", { name: "iris" }).click();
    await page.waitForURL((url) => url.searchParams.get("name") === "iris" && !url.searchParams.has("after"));
    await page.reload();
    await entries(page).first().waitFor();
    expect(await page.getByLabel("Name of the object").inputValue()).toBe("iris");
    expect(await entries(page).count()).toBe(1);
    await page.getByLabel("Kind").selectOption("Server");
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByText("Nothing matches these filters").waitFor();
    await page.getByRole("link", { name: "Clear the filters" }).click();
    await page.waitForURL((url) => url.search === `?group=${group}`);
    await page.getByLabel("Who").fill("local-admin");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.searchParams.get("actor") === "local-admin");
  });

  test("activity is narrowed by what was done and since when, and had as a file with the same filters", async () => {
    const group = "exported";
    await deploy(group, "iris");
    await walk.console.api("POST", `/deployments/iris/scale?group=${group}`, { replicas: 3 });
    const page = await signIn();
    await page.goto(`${walk.url}/deployments/iris?group=${group}&tab=history`);
    await page.getByRole("link", { name: "All that was done to it" }).click();
    await page.waitForURL("**/activity?**");
    await entries(page).nth(1).waitFor();
    await page.getByLabel("What was done").selectOption("deployment.scale");
    await page.waitForURL((url) => url.searchParams.get("action") === "deployment.scale");
    await until(async () => (await entries(page).count()) === 1);
    await page.getByLabel("Since").selectOption("-24h");
    await page.waitForURL((url) => url.searchParams.get("from") === "-24h");
    await entries(page).first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download as JSON lines" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("slipway-activity.ndjson");
    const lines = readFileSync(await download.path(), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ action: "deployment.scale", name: "iris", group }]);
  });

  test("an address that asks for nothing sensible is answered in the API's words, with a way out", async () => {
    await deploy("default", "iris");
    const page = await signIn();
    await page.goto(`${walk.url}/activity?kind=widget`);
    await page.getByText("kind must be one of").waitFor();
    await page.getByRole("link", { name: "Show all activity" }).click();
    await entries(page).first().waitFor();
  });

  test("axe finds nothing and nothing overflows, in light and dark at every width", async () => {
    const group = "looks";
    await deploy(group, "fraud-detection-card-payments");
    await walk.console.api("POST", `/deployments/fraud-detection-card-payments/scale?group=${group}`, {
      replicas: 7,
      message: "The sale begins on Monday, and callers come from both regions then.",
    });
    await apply("Server", group, "a-server-with-a-rather-long-name", {
      replicas: 4,
      capabilities: ["onnx", "int8"],
    });
    const crowded = await apply("Server", group, "crowded", { replicas: 3 });
    await walk.say(crowded, {
      ...READY,
      lifecycle: "Updating",
      health: "Degraded",
      traffic: "Partial",
      replicas: { ready: 1, starting: 1, wanted: 3 },
      memory: { capacityBytes: 4096 * MI, usedBytes: 4000 * MI },
      message:
        "1 of 3 replicas is ready: replica 2 ended by itself twice; look at its log with: slipway logs server crowded",
    });
    const page = await walk.signIn();
    const routes: [name: string, path: string, text: string][] = [
      ["servers", `/servers?group=${group}`, "Up to date"],
      ["activity", `/activity?group=${group}`, "The sale begins"],
      ["activity-none", "/activity?group=nobody", "Nothing was done here yet"],
      ["activity-no-match", `/activity?group=${group}&name=zzz`, "Nothing matches these filters"],
      ["activity-refused", "/activity?kind=widget", "kind must be one of"],
    ];
    for (const [name, path, text] of routes) {
      await page.goto(walk.url + path);
      await page.getByText(text).first().waitFor();
      const folded = page.locator("summary");
      if ((await folded.count()) > 0) await folded.first().click();
      await expectGoodLooks(page, name);
    }
  });
});
