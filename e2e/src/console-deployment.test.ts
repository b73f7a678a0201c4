import { type ResourceStatus, resourceView, revisionView } from "@slipway/contracts";
import { until } from "@slipway/testkit";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { findViolations } from "./browser.ts";
import {
  type ConsoleWalk,
  describeInBrowser,
  expectGoodLooks,
  expectSlimScripts,
  isAlive,
  LIVE_STATUS,
  readClipboard,
  rowOf,
  SEEN_MS,
  startConsoleWalk,
} from "./walk.ts";

const GATEWAY = "http://127.0.0.1:7080";
const TABS = ["overview", "access", "history", "events", "config"] as const;
const LIVE: Partial<ResourceStatus> = {
  ...LIVE_STATUS,
  signature: { inputs: [{ name: "x", datatype: "FP32", shape: [-1, 4] }], outputs: [] },
  progress: [
    { name: "placed", state: "done", at: "2026-01-02T10:00:00.000Z" },
    { name: "fetched", state: "done", at: "2026-01-02T10:00:00.400Z" },
    { name: "loaded", state: "done", at: "2026-01-02T10:00:12.400Z" },
    { name: "routed", state: "done", at: "2026-01-02T10:00:12.500Z" },
  ],
};

describeInBrowser("the page of one deployment", () => {
  let walk: ConsoleWalk;
  let context: BrowserContext;

  beforeAll(async () => {
    walk = await startConsoleWalk(GATEWAY);
  });
  afterAll(() => walk?.close());
  beforeEach(async () => {
    context = await walk.openContext();
  });

  const apply = (name: string, group: string, spec: object = {}) =>
    walk.deploy({ name, group, title: "Iris classifier" }, spec);
  const say = (uid: string, status: Partial<ResourceStatus>) => walk.say(uid, status);
  const signIn = () => walk.signIn(context);

  /** Opens a tab of `iris` in a group, and waits until it is followed live. */
  async function open(page: Page, group: string, tab: (typeof TABS)[number] = "overview"): Promise<void> {
    await page.goto(`${walk.url}/deployments/iris?group=${group}&tab=${tab}`);
    await isAlive(page);
  }

  async function read(group: string) {
    return resourceView.parse((await walk.console.api("GET", `/deployments/iris?group=${group}`)).body);
  }

  test("it opens from the table, shows where the deployment stands, and follows it", async () => {
    const group = "opened";
    const uid = await apply("iris", group);
    await say(uid, { ...LIVE, lifecycle: "Deploying", message: "no server fits; scale one up" });
    const page = await signIn();
    await page.goto(`${walk.url}/deployments?group=${group}`);
    await page.getByRole("link", { name: "Iris classifier" }).click();
    await page.getByRole("heading", { level: 1, name: "Iris classifier" }).waitFor();
    await page.getByText("No server fits; scale one up").waitFor();
    await page.getByText("12 s after the step before").waitFor();
    await page.getByText(`${GATEWAY}/serve/${group}/iris`, { exact: true }).waitFor();
    await isAlive(page);
    await say(uid, LIVE);
    await page.getByText("One replica answers requests.").waitFor({ timeout: SEEN_MS });
  });

  test("the first call is there in four languages, with a sample of the model's own signature", async () => {
    const group = "called";
    await say(await apply("iris", group), LIVE);
    const page = await signIn();
    await open(page, group);
    for (const [language, part] of [
      ["curl", `curl ${GATEWAY}/serve/${group}/iris/v2/models/iris/infer`],
      ["Python", "urllib.request.Request("],
      ["JavaScript", `await fetch("${GATEWAY}/serve/${group}/iris/v2/models/iris/infer"`],
      ["CLI", `npx slipway infer iris --group ${group} -d`],
    ] as const) {
      await page.getByRole("button", { name: language, exact: true }).click();
      await page.getByRole("button", { name: `Copy the ${language} call` }).click();
      await page.getByRole("button", { name: `Copied the ${language} call` }).waitFor();
      const copied = await readClipboard(page);
      expect(copied).toContain(part);
      expect(copied).toMatch(/"name": ?"x"/);
    }
  });

  test("the tab stands in the address, survives a reload, and the browser's back button returns", async () => {
    const group = "tabs";
    await apply("iris", group);
    const page = await signIn();
    await open(page, group);
    await page.getByRole("link", { name: "Config" }).click();
    await page.getByRole("heading", { name: "Manifest of revision 1" }).waitFor();
    await until(() => new URL(page.url()).searchParams.get("tab") === "config");
    await page.reload();
    await page.getByRole("heading", { name: "Manifest of revision 1" }).waitFor();
    const link = page.getByRole("link", { name: "Config" });
    expect(await link.getAttribute("aria-current")).toBe("page");
    await page.getByRole("link", { name: "Events" }).click();
    await page.getByText("Nothing out of the ordinary").waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Manifest of revision 1" }).waitFor();
  });

  test("scaling is by keyboard alone, gives the focus back, and refuses what is no number", async () => {
    const group = "scaled";
    await apply("iris", group);
    const page = await signIn();
    await open(page, group);
    const button = page.getByRole("button", { name: "Scale" });
    await button.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Scale iris" });
    const field = dialog.getByLabel("Replicas");
    await expect.poll(() => page.evaluate("document.activeElement.type")).toBe("number");
    await field.fill("1.5");
    await dialog.getByText("Must be a whole number from 0 to 1000.").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Scale");
    await page.keyboard.press("Enter");
    await field.fill("3");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    expect((await read(group)).spec.scaling).toMatchObject({ replicas: 3 });
    await page.getByText("Revision 2", { exact: false }).first().waitFor();
  });

  test("a change by somebody else is not overwritten unseen: both sides are shown first", async () => {
    const group = "conflict";
    await apply("iris", group);
    const page = await signIn();
    await open(page, group);
    await page.getByRole("button", { name: "Scale" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Replicas").fill("2");
    await walk.console.api("POST", `/deployments/iris/scale?group=${group}`, { replicas: 5 });
    await dialog.getByRole("button", { name: "Scale", exact: true }).click();
    await dialog.getByText("was changed by somebody else").waitFor();
    await dialog.getByText("5 (revision 2)").waitFor();
    expect((await read(group)).spec.scaling).toMatchObject({ replicas: 5 });
    await dialog.getByRole("button", { name: "Scale to 2 all the same" }).click();
    await dialog.waitFor({ state: "detached" });
    expect((await read(group)).spec.scaling).toMatchObject({ replicas: 2 });
  });

  test("it stops after a question, and starts again", async () => {
    const group = "stopped";
    await apply("iris", group);
    const page = await signIn();
    await open(page, group);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Start" }).waitFor();
    expect((await read(group)).spec.running).toBe(false);
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("button", { name: "Stop" }).waitFor();
    expect((await read(group)).spec.running).toBe(true);
  });

  test("a token is seen once, is known by its ends after that, and is revoked after a question", async () => {
    const group = "tokens";
    await apply("iris", group);
    const page = await signIn();
    await open(page, group, "access");
    await page.getByText("No client has a token yet.").waitFor();
    const client = page.getByRole("textbox", { name: "Client" });
    await client.fill("Shop!");
    await page.getByText("Begin with a lower-case letter").waitFor();
    await client.fill("slipway-console");
    await page.getByRole("button", { name: "Create token" }).click();
    await page.getByText("Must not be the name of the console itself.").waitFor();
    await client.fill("shop");
    await page.getByRole("checkbox", { name: "Ask the model (infer)" }).uncheck();
    await page.getByRole("button", { name: "Create token" }).click();
    const shown = (await page.locator("[data-token]").textContent()) ?? "";
    expect(shown).toMatch(/^slw_[\w-]{43}$/);
    await page.getByRole("button", { name: "Copy a ready call" }).click();
    await page.getByRole("button", { name: "Copied a ready call" }).waitFor();
    expect(await readClipboard(page)).toBe(
      `curl ${GATEWAY}/serve/${group}/iris/v2/models/iris \\\n  -H "Authorization: Bearer ${shown}"`,
    );
    await page.getByRole("button", { name: "I have it" }).click();
    const line = rowOf(page, "shop");
    await line.getByText(`…${shown.slice(-4)}`).waitFor();
    for (const text of ["in 90 days", "Metadata only", "Valid"]) await line.getByText(text).waitFor();
    await client.fill("shop");
    await page.getByText("shop has a token already: rotate it, or choose another name.").waitFor();
    await page.reload();
    await line.waitFor();
    expect(await page.content()).not.toContain(shown);
    await page.getByRole("button", { name: "Revoke the token of shop" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("No call was made with it so far.").waitFor();
    await dialog.getByRole("button", { name: "Revoke" }).click();
    await line.getByText("Revoked").waitFor();
    expect(await page.getByRole("button", { name: "Revoke the token of shop" }).count()).toBe(0);
  });

  test("a token that runs out within a week is told above, and rotated from there without losing its scope", async () => {
    const group = "running-out";
    await apply("iris", group);
    const tokens = `/deployments/iris/tokens?group=${group}`;
    await walk.console.api("POST", tokens, { client: "shop", expiresInDays: 2, scope: { methods: ["metadata"] } });
    await walk.console.api("POST", tokens, { client: "later", expiresInDays: 8 });
    const page = await signIn();
    await open(page, group, "access");
    await page.getByText("The token of shop expires in 2 days").waitFor();
    expect(await page.getByText("The token of later expires").count()).toBe(0);
    await page.getByRole("button", { name: "Rotate it" }).click();
    const dialog = page.getByRole("dialog", { name: "Rotate the token of shop?" });
    await dialog.getByLabel("The old token goes on for").selectOption({ label: "7 days" });
    await dialog.getByText("It expires in 2 days anyway").waitFor();
    await dialog.getByRole("button", { name: "Rotate" }).click();
    await page.getByText("The old token slw_").waitFor();
    await page.getByText("The token of shop expires").waitFor({ state: "detached" });
    const [fresh, old] = [rowOf(page, "shop").first(), rowOf(page, "shop").last()];
    for (const text of ["Valid", "Metadata only", "in 90 days"]) await fresh.getByText(text).waitFor();
    for (const text of ["Ending", "in 2 days"]) await old.getByText(text).waitFor();
    // A third token beside two valid ones is not offered.
    expect(await page.getByRole("button", { name: "Rotate the token of shop" }).count()).toBe(0);
    await page.getByRole("button", { name: "Revoke the old token of shop" }).click();
    await page.getByText("the other token of shop goes on").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText("The old token of shop").waitFor();
    await page.getByRole("button", { name: "Rotate the token of shop" }).waitFor();
  });

  test("a token is made where a call lacks one, without leaving the first call", async () => {
    const group = "in-place";
    await say(await apply("iris", group), LIVE);
    const page = await signIn();
    await open(page, group);
    await page.getByRole("button", { name: "Create a token" }).click();
    const dialog = page.getByRole("dialog", { name: "Create a token for iris" });
    await dialog.getByRole("textbox", { name: "Client" }).fill("notebook");
    await page.keyboard.press("Enter");
    const shown = (await dialog.locator("[data-token]").textContent()) ?? "";
    await dialog.getByRole("button", { name: "I have it" }).click();
    await dialog.waitFor({ state: "detached" });
    const { body } = await walk.console.api("GET", `/deployments/iris/tokens?group=${group}`);
    expect(JSON.stringify(body)).toContain(shown.slice(-4));
  });

  test("any two revisions are compared, and a rollback lists exactly what returns", async () => {
    const group = "history";
    await apply("iris", group);
    await walk.console.api("POST", `/deployments/iris/scale?group=${group}`, { replicas: 2, message: "More of it" });
    await walk.console.api("POST", `/deployments/iris/scale?group=${group}`, { replicas: 3 });
    const page = await signIn();
    await open(page, group, "history");
    await page.getByText("More of it").waitFor();
    await page.getByLabel("From").selectOption("1");
    const compared = page.getByRole("table", { name: "What differs between revisions 1 and 3" });
    await compared.getByRole("row", { name: "spec.scaling.replicas 1 3" }).waitFor();
    await until(() => new URL(page.url()).searchParams.get("from") === "1");
    await page.getByRole("button", { name: "Roll back to revision 2" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("row", { name: "spec.scaling.replicas 3 2" }).waitFor();
    expect(await dialog.getByRole("row").count()).toBe(2);
    await dialog.getByLabel("Why (optional)").fill("Too many");
    await dialog.getByRole("button", { name: "Roll back" }).click();
    await page.locator('li[data-revision="4"]').getByText("Too many").waitFor();
    const { body } = await walk.console.api("GET", `/deployments/iris/revisions/4?group=${group}`);
    const { spec, source } = revisionView.parse(body);
    expect([spec.scaling, source]).toMatchObject([{ replicas: 2 }, "rollback"]);
  });

  test("it is deleted only once its name is typed", async () => {
    const group = "deleted";
    await apply("iris", group);
    const page = await signIn();
    await open(page, group);
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete iris?" });
    const confirm = dialog.getByRole("button", { name: "Delete" });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel("Type iris to delete it").fill("iri");
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel("Type iris to delete it").fill("iris");
    await confirm.click();
    await page.getByText("It is being deleted").waitFor();
    expect((await read(group)).metadata.deletedAt).not.toBeNull();
    expect(await page.getByRole("button", { name: "Scale" }).isDisabled()).toBe(true);
  });

  test("one that is not there is said in words", async () => {
    const page = await signIn();
    await page.goto(`${walk.url}/deployments/nobody`);
    await page.getByText("There is no deployment nobody in group default").waitFor();
    expect(await findViolations(page)).toEqual([]);
  });

  test("the page asks for less script than its budget, and for no schema library", async () => {
    const group = "budget";
    await apply("iris", group);
    const page = await signIn();
    await open(page, group);
    await expectSlimScripts(page);
  });

  test("axe finds nothing on any tab and nothing overflows, in light and dark at every width", async () => {
    const group = "looks";
    const uid = await apply("iris", group, { description: "Tells three kinds of iris by the size of their leaves." });
    await walk.console.api("POST", `/deployments/iris/scale?group=${group}`, { replicas: 2, message: "Spring sale" });
    const tokens = `/deployments/iris/tokens?group=${group}`;
    await walk.console.api("POST", tokens, { client: "batch_job_of_the_night", expiresInDays: 3 });
    await walk.console.api("POST", tokens, { client: "shop" });
    await walk.console.api("POST", `/deployments/iris/tokens/shop/rotate?group=${group}`, {});
    await say(uid, { ...LIVE, traffic: "Partial", replicas: { ready: 1, starting: 1, wanted: 2 } });
    await walk.database.db.pool.query(
      `INSERT INTO event (id, uid, "group", kind, name, reason, severity, message, count)
         VALUES (gen_random_uuid(), $1, $2, 'Deployment', 'iris', 'LoadFailed', 'warning', 'the file is not an ONNX model', 3)`,
      [uid, group],
    );
    const page = await walk.signIn();
    const waited: Record<(typeof TABS)[number], string> = {
      overview: "curl http",
      access: "slw_",
      history: "spec.scaling.replicas",
      events: "the file is not an ONNX model",
      config: "apiVersion",
    };
    const check = (name: string) => expectGoodLooks(page, `deployment-${name}`);
    for (const tab of TABS) {
      await open(page, group, tab);
      await page.getByText(waited[tab]).first().waitFor();
      await check(tab);
    }
    for (const [tab, opener, name] of [
      ["overview", "Scale", "scale"],
      ["overview", "Delete", "delete"],
      ["history", "Roll back to revision 1", "roll-back"],
      ["access", "Rotate the token of batch_job_of_the_night", "rotate"],
      ["access", "Revoke the old token of shop", "revoke"],
      ["overview", "Create a token", "create-token"],
    ] as const) {
      await open(page, group, tab);
      await page.getByRole("button", { name: opener }).click();
      await page.getByRole("dialog").waitFor();
      await check(name);
    }
  });
});
