import { fileURLToPath } from "node:url";
import type { ResourceStatus } from "@slipway/contracts";
import { until } from "@slipway/testkit";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sidewaysOverflow } from "./browser.ts";
import {
  type ConsoleWalk,
  describeInBrowser,
  expectGoodLooks,
  isAlive,
  LIVE_STATUS,
  pressOn,
  rowOf,
  startConsoleWalk,
  tabTo,
  typeOn,
} from "./walk.ts";

const SCREENSHOTS = fileURLToPath(new URL("../../screenshots/", import.meta.url));
const MANY = 230;
const FAILED: Partial<ResourceStatus> = {
  ...LIVE_STATUS,
  health: "Failed",
  traffic: "None",
  replicas: { ready: 0, starting: 0, wanted: 2 },
  message: "Needs 3 GiB; the roomiest replica of server onnx has 1.2 GiB free. Raise its replicas.",
};

describeInBrowser("the list of deployments in a browser", () => {
  let walk: ConsoleWalk;
  let context: BrowserContext;

  beforeAll(async () => {
    walk = await startConsoleWalk();
    const documents = Array.from({ length: MANY }, (_, n) => manifestOf(n));
    const { status } = await walk.console.api("POST", "/apply", { manifest: documents.join("\n---\n") });
    expect(status).toBe(200);
    const { rows } = await walk.database.db.pool.query<{ uid: string; name: string }>(
      "SELECT uid, name FROM resource WHERE \"group\" = 'many'",
    );
    for (const { uid, name } of rows) await walk.say(uid, name.endsWith("7") ? FAILED : LIVE_STATUS);
    await walk.database.db.pool.query(
      `INSERT INTO deployment_rate SELECT uid, substr(name, 7)::int, 4.5, 0.02, now() FROM resource WHERE "group" = 'many' AND name > 'model-020'`,
    );
  }, 120_000);
  afterAll(() => walk?.close());
  beforeEach(async () => {
    context = await walk.openContext();
  });

  const open = async (query: string, on: BrowserContext = context): Promise<Page> => {
    const page = await walk.signIn(on);
    await page.goto(`${walk.url}/deployments?${query}`);
    await isAlive(page);
    return page;
  };
  const names = (page: Page) =>
    page.locator("tr[data-name]").evaluateAll((lines) => lines.map((line) => line.getAttribute("data-name")));
  const read = async (name: string, group = "many") =>
    (await walk.console.api("GET", `/deployments/${name}?group=${group}`)).body;

  test("fifty lines come first, the next fifty when they are asked for, and the address sorts and narrows them", async () => {
    const page = await open("group=many");
    expect(await page.locator("tr[data-name]").count()).toBe(50);
    await page.getByText(`50 of ${MANY} are shown`).waitFor();
    await page.getByRole("button", { name: "Show more" }).click();
    await rowOf(page, "model-099").waitFor();
    expect(await page.locator("tr[data-name]").count()).toBe(100);
    await page.getByRole("button", { name: "Req/s" }).click();
    await until(async () => (await names(page))[0] === "model-229", { what: "the busiest comes first" });
    expect(new URL(page.url()).searchParams.get("sort")).toBe("-requests");
    expect(await page.getByRole("columnheader", { name: "Req/s" }).getAttribute("aria-sort")).toBe("descending");
    await page.reload();
    await rowOf(page, "model-229").waitFor();
    expect((await names(page)).slice(0, 3)).toEqual(["model-229", "model-228", "model-227"]);
  });

  test("news that come while more lines are read neither stop the reading nor are undone by its older answer", async () => {
    const group = "reading";
    const uids: string[] = [];
    for (let n = 100; n < 152; n += 1) uids.push(await walk.deploy({ group, name: `model-${n}` }));
    const page = await open(`group=${group}`);
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    await page.route(/deployment\.rows.*after/, async (route) => {
      const response = await route.fetch();
      asked.resolve();
      await held.promise;
      await route.fulfill({ response });
    });
    await page.getByRole("button", { name: "Show more" }).click();
    await asked.promise;
    await walk.say(uids[0] ?? "", FAILED);
    await rowOf(page, "model-100").getByText("Failed").waitFor();
    held.resolve();
    await rowOf(page, "model-151").waitFor();
    await rowOf(page, "model-100").getByText("Failed").waitFor();
  });

  test("filters show how many they would give, several narrow together, and going back takes the last one off", async () => {
    const page = await open("group=many");
    await page.getByRole("button", { name: /^Needs attention 23$/ }).click();
    await page.getByText("23 deployments match").waitFor();
    await page.getByRole("button", { name: "Labels" }).click();
    await page.getByRole("checkbox", { name: /team=risk/ }).check();
    await page.getByText("8 deployments match").waitFor();
    const said = new URL(page.url()).searchParams;
    expect([said.get("attention"), said.get("labels")]).toEqual(["any", "team=risk"]);
    await page.getByText("All but these").click();
    await page.getByText("15 deployments match").waitFor();
    await page.goBack();
    await page.getByText("8 deployments match").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByText(`${MANY} deployments`).waitFor();
  });

  test("an address that asks for what there is not says so and leads back to all", async () => {
    const page = await walk.signIn(context);
    await page.goto(`${walk.url}/deployments?group=many&lifecycle=Running`);
    await page.getByText('lifecycle is "Running"; allowed: Pending').waitFor();
    await page.getByRole("link", { name: "Show all deployments" }).click();
    await rowOf(page, "model-000").waitFor();
  });

  test("a view is kept under a name, opened by it, and removed; another column and density stand in its address", async () => {
    const page = await open("group=many&attention=any");
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Owner" }).check();
    await page.getByRole("checkbox", { name: "Compact lines" }).check();
    await page.getByRole("columnheader", { name: "Owner" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByLabel("Keep this view as").fill("On call");
    await page.getByRole("button", { name: "Keep", exact: true }).click();
    await page.getByRole("link", { name: "On call" }).waitFor();
    await page.getByRole("link", { name: "All", exact: true }).click();
    await page.getByText(`${MANY} deployments`).waitFor();
    await page.getByRole("button", { name: "All", exact: true }).click();
    await page.getByRole("link", { name: "On call" }).click();
    await page.getByText("23 deployments match").waitFor();
    expect(new URL(page.url()).searchParams.get("density")).toBe("compact");
    await page.getByRole("button", { name: "On call" }).click();
    await page.getByRole("button", { name: "Remove view On call" }).click();
    await page.getByRole("link", { name: "On call" }).waitFor({ state: "detached" });
    await page.getByText("View On call is removed.").waitFor();
  });

  test("marked lines are stopped at once; what was refused is named with its reason, and undo starts the others again", async () => {
    const group = "bulk";
    for (const name of ["one", "two", "three"]) await walk.say(await walk.deploy({ name, group }), LIVE_STATUS);
    const page = await open(`group=${group}`);
    await page.getByRole("checkbox", { name: "Select one" }).click();
    await page.getByRole("checkbox", { name: "Select two" }).click({ modifiers: ["Shift"] });
    await page.getByText("3 marked").waitFor();
    await walk.console.api("DELETE", `/deployments/three?group=${group}`);
    await rowOf(page, "three").getByText("Deleting").waitFor();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByText("2 deployments are stopping.").waitFor();
    await page.getByText("1 deployment was left as it was.").waitFor();
    await page.getByText("three: Deployment three is").waitFor();
    expect(await read("one", group)).toMatchObject({ spec: { running: false } });
    await page.getByRole("button", { name: "Undo" }).click();
    await until(async () => JSON.stringify(await read("two", group)).includes('"running":true'));
  });

  test("by keyboard alone: lines are gone through, marked, labelled, and deleted only with their number typed", async () => {
    const group = "keys";
    for (const name of ["alpha", "bravo", "charlie"]) await walk.say(await walk.deploy({ name, group }), LIVE_STATUS);
    const page = await open(`group=${group}`);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.getByRole("link", { name: "bravo" }).and(page.locator(":focus")).waitFor();
    await page.keyboard.press("k");
    await page.getByRole("link", { name: "alpha" }).and(page.locator(":focus")).waitFor();
    await pressOn(page, "checkbox", "Select bravo", "Space");
    await pressOn(page, "checkbox", "Select charlie", "Space");
    await pressOn(page, "button", "Label");
    await typeOn(page, "textbox", "Labels to give", "team=growth");
    await page.keyboard.press("Enter");
    await page.getByText("2 deployments are labelled.").waitFor();
    expect(await read("bravo", group)).toMatchObject({ metadata: { labels: { team: "growth" } } });
    await pressOn(page, "checkbox", "Select bravo", "Space");
    await pressOn(page, "checkbox", "Select charlie", "Space");
    await pressOn(page, "button", "Delete");
    await page.getByRole("dialog").getByText("2 of them answer requests now").waitFor();
    await typeOn(page, "textbox", "Type 2, how many they are", "2");
    await page.keyboard.press("Enter");
    await rowOf(page, "charlie").getByText("Deleting").waitFor();
    expect(await read("alpha", group)).toMatchObject({ metadata: { deletedAt: null } });
    await page.getByRole("link", { name: "alpha" }).focus();
    await tabTo(page, "link", "alpha");
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/deployments/alpha?group=${group}`);
  });

  test("between a phone and a wide desk nothing has to be scrolled sideways", async () => {
    const page = await open("group=many&sort=-requests");
    for (const width of [640, 900, 1024, 1152, 1280, 1366]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await sidewaysOverflow(page), `${width} pixels`).toBe(0);
      await page.screenshot({ path: `${SCREENSHOTS}list-width-${width}.png` });
    }
  });

  test("axe finds nothing and nothing overflows, in light and dark at every width", async () => {
    const page = await open("group=many&attention=any&sort=-requests");
    const look = async (name: string) => expectGoodLooks(page, `list-${name}`);
    await page.getByRole("button", { name: "Labels" }).click();
    await page.getByRole("checkbox", { name: /team=risk/ }).waitFor();
    await look("facet");
    await page.keyboard.press("Escape");
    await page.goto(
      `${walk.url}/deployments?group=many&search=model-00&columns=status,type,model,environment,labels,owner,updated&density=compact`,
    );
    await isAlive(page);
    await page.getByRole("checkbox", { name: "Select model-001" }).click();
    await page.getByRole("checkbox", { name: "Select model-004" }).click({ modifiers: ["Shift"] });
    await look("marked");
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("dialog").getByText("of them answer requests now").waitFor();
    await look("delete");
  });
});

function manifestOf(n: number): string {
  const name = `model-${String(n).padStart(3, "0")}`;
  return JSON.stringify({
    apiVersion: "slipway.dev/v1",
    kind: "Deployment",
    metadata: {
      name,
      group: "many",
      ...(n % 3 === 0 ? { title: `Churn of the ${n}th region` } : {}),
      labels: { team: ["growth", "risk", "search"][n % 3], stage: "test" },
    },
    spec: {
      environment: ["development", "staging", "production"][n % 3],
      variants: [{ model: { uri: `s3://models/churn/region-${n}/v${n % 7}` } }],
      access: { visibility: n % 5 === 0 ? "public" : "private" },
    },
  });
}
