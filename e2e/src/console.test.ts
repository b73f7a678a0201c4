import type { ResourceStatus } from "@slipway/contracts";
import { until } from "@slipway/testkit";
import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  type ConsoleWalk,
  describeInBrowser,
  expectGoodLooks,
  expectSlimScripts,
  isAlive,
  LIVE_STATUS,
  pressOn,
  readClipboard,
  rowOf,
  SEEN_MS,
  startConsoleWalk,
  tabTo,
} from "./walk.ts";

const LIVE: Partial<ResourceStatus> = {
  ...LIVE_STATUS,
  signature: { inputs: [{ name: "x", datatype: "FP32", shape: [-1, 4] }], outputs: [] },
};

describeInBrowser("the console in a browser", () => {
  let walk: ConsoleWalk;
  let context: BrowserContext;

  beforeAll(async () => {
    walk = await startConsoleWalk();
  });
  afterAll(() => walk?.close());
  beforeEach(async () => {
    context = await walk.openContext();
  });

  const apply = (name: string, group: string, more: { title?: string; spec?: object } = {}) => {
    const { title, spec } = more;
    return walk.deploy({ name, group, ...(title === undefined ? {} : { title }) }, spec);
  };
  const say = (uid: string, status: Partial<ResourceStatus>) => walk.say(uid, status);
  const signIn = () => walk.signIn(context);

  test("opening a sign-in link spends nothing; pressing the button does, once, and leaves no secret in the address", async () => {
    const link = await walk.signInLink();
    const before = await context.newPage();
    await before.goto(link);
    await before.getByRole("button", { name: "Sign in" }).waitFor();
    await until(() => new URL(before.url()).hash === "", { what: "the secret has left the address" });
    await before.close();

    const page = await context.newPage();
    await page.goto(link);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Welcome to Slipway" }).waitFor();

    const other = await walk.openContext();
    const late = await other.newPage();
    await late.goto(link);
    await late.getByRole("button", { name: "Sign in" }).click();
    await late.getByText("used already").waitFor();
  });

  test("without a session every page leads to signing in, and signing out ends it", async () => {
    const page = await context.newPage();
    await page.goto(`${walk.url}/deployments`);
    await page.waitForURL(/[/]sign-in([?]|$)/);
    const signedIn = await signIn();
    await signedIn.getByRole("button", { name: "Account" }).click();
    await signedIn.getByRole("button", { name: "Sign out" }).click();
    await signedIn.waitForURL(/[/]sign-in([?]|$)/);
    await signedIn.goto(`${walk.url}/deployments`);
    await signedIn.waitForURL(/[/]sign-in([?]|$)/);
  });

  test("a change shows by itself in every open tab: a new line, a status, a scale, a deletion", async () => {
    const group = "live-group";
    const first = await signIn();
    const second = await context.newPage();
    for (const page of [first, second]) {
      await page.goto(`${walk.url}/deployments?group=${group}`);
      await page.getByText("Nothing is deployed here yet").waitFor();
      await isAlive(page);
    }
    const uid = await apply("iris", group, { title: "Iris classifier" });
    await Promise.all([first, second].map((page) => rowOf(page, "iris").waitFor({ timeout: SEEN_MS })));
    await say(uid, LIVE);
    await Promise.all(
      [first, second].map((page) => rowOf(page, "iris").getByText("1/1 ready").waitFor({ timeout: SEEN_MS })),
    );
    await walk.console.api("POST", `/deployments/iris/scale?group=${group}`, { replicas: 3 });
    await say(uid, { ...LIVE, observedGeneration: 2, replicas: { ready: 1, starting: 2, wanted: 3 } });
    await rowOf(first, "iris").getByText("2 starting").waitFor({ timeout: SEEN_MS });
    await walk.console.api("DELETE", `/deployments/iris?group=${group}`);
    await rowOf(second, "iris").getByText("Deleting").waitFor({ timeout: SEEN_MS });
  });

  test("the page goes on when the tab with the connection is closed", async () => {
    const group = "handover";
    const uid = await apply("iris", group);
    const first = await signIn();
    await first.goto(`${walk.url}/deployments?group=${group}`);
    await first.getByText("Up to date").waitFor();
    const second = await context.newPage();
    await second.goto(`${walk.url}/deployments?group=${group}`);
    await second.getByText("Up to date").waitFor();
    await first.close();
    await say(uid, LIVE);
    await rowOf(second, "iris").getByText("1/1 ready").waitFor({ timeout: SEEN_MS });
  });

  test("a lost connection is said, what was read stays, and the page catches up when the console is back", async () => {
    const group = "offline";
    const uid = await apply("iris", group);
    await say(uid, LIVE);
    const page = await signIn();
    await page.goto(`${walk.url}/deployments?group=${group}`);
    await isAlive(page);
    walk.tolerate(context, /ERR_|status of 5/);
    await walk.console.kill9();
    await page.getByText("Not connected: shown as of").waitFor();
    await rowOf(page, "iris").getByText("Live").waitFor();
    await say(uid, { ...LIVE, health: "Failed", message: "It broke meanwhile." });
    await walk.console.start();
    await page.getByText("It broke meanwhile.").waitFor({ timeout: 15_000 });
    await isAlive(page);
  });

  test("lines do not move under a pointer: what comes waits behind a button", async () => {
    const group = "held";
    await apply("bravo", group);
    const page = await signIn();
    await page.goto(`${walk.url}/deployments?group=${group}`);
    await isAlive(page);
    await rowOf(page, "bravo").hover();
    await apply("alpha", group);
    const button = page.getByRole("button", { name: "Show 1 change" });
    await button.waitFor({ timeout: SEEN_MS });
    expect(await rowOf(page, "alpha").count()).toBe(0);
    await button.click();
    await rowOf(page, "alpha").waitFor();
  });

  test("a search stands in the address, survives a reload, and can be cleared", async () => {
    const group = "searched";
    await apply("iris", group);
    await apply("digits", group, { title: "Handwriting" });
    const page = await signIn();
    await page.goto(`${walk.url}/deployments?group=${group}`);
    await isAlive(page);
    await page.getByRole("searchbox").fill("handw");
    await rowOf(page, "iris").waitFor({ state: "detached" });
    await rowOf(page, "digits").waitFor();
    await until(() => new URL(page.url()).searchParams.get("search") === "handw");
    await page.reload();
    await rowOf(page, "digits").waitFor();
    expect(await rowOf(page, "iris").count()).toBe(0);
    await isAlive(page);
    await page.getByRole("searchbox").fill("nothing like it");
    await page.getByRole("button", { name: "Show all deployments" }).click();
    await rowOf(page, "iris").waitFor();
  });

  test("a copied call holds a sample of the model's own signature", async () => {
    const group = "copied";
    await say(await apply("iris", group), LIVE);
    const page = await signIn();
    await page.goto(`${walk.url}/deployments?group=${group}`);
    await page.getByRole("button", { name: "Copy curl: iris" }).click();
    await page.getByRole("button", { name: "Copied: iris" }).waitFor();
    const copied = await readClipboard(page);
    expect(copied).toContain(`http://127.0.0.1:7080/serve/${group}/iris/v2/models/iris/infer`);
    expect(copied).toContain('"name":"x"');
  });

  test("everything is done by keyboard: skip to the content, search, exact time, copy, theme, sign out", async () => {
    const group = "keyboard";
    await say(await apply("iris", group), LIVE);
    const page = await signIn();
    await page.goto(`${walk.url}/deployments?group=${group}`);
    await isAlive(page);
    await pressOn(page, "link", "Skip to the content");
    await tabTo(page, "searchbox", /^Search/);
    await page.keyboard.type("iri");
    await until(() => new URL(page.url()).searchParams.get("search") === "iri");
    await tabTo(page, "button", /^(now|\d+ \w+ ago)/);
    await rowOf(page, "iris")
      .getByText(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/)
      .waitFor();
    await pressOn(page, "button", /^Copy curl/);
    await page.getByRole("button", { name: "Copied: iris" }).waitFor();
    await page.goto(`${walk.url}/deployments?group=${group}`);
    await isAlive(page);
    await pressOn(page, "button", "Account");
    await pressOn(page, "radio", "System", "ArrowRight");
    await until(async () => (await page.locator("html").getAttribute("data-theme")) === "light");
    await pressOn(page, "button", "Sign out");
    await page.waitForURL(/[/]sign-in([?]|$)/);
  });

  test("a chosen theme is in the first frame of the next page", async () => {
    const page = await signIn();
    await page.getByRole("button", { name: "Account" }).click();
    await page.getByText("Dark", { exact: true }).click();
    await until(async () => (await page.locator("html").getAttribute("data-theme")) === "dark");
    const response = await page.reload();
    expect(await response?.text()).toContain('data-theme="dark"');
  });

  test("pages run no script but their own, and send nothing elsewhere", async () => {
    const page = await context.newPage();
    const hosts = new Set<string>();
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    await page.goto(await walk.signInLink());
    await page.getByRole("button", { name: "Sign in" }).click();
    await isAlive(page);
    expect([...hosts]).toEqual([new URL(walk.url).host]);
    const response = await page.reload();
    expect(response?.headers()["content-security-policy"]).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic';/);
  });

  test("the list and the first page ask for less script than their budget, and for no schema library", async () => {
    const page = await signIn();
    for (const path of ["/deployments", "/welcome"]) {
      await page.goto(walk.url + path);
      await isAlive(page);
      await expectSlimScripts(page);
    }
  });

  test("axe finds nothing and nothing overflows, in light and dark at every width", async () => {
    const group = "looks";
    await say(await apply("breast-cancer", group, { title: "Breast cancer" }), LIVE);
    await say(await apply("fraud-detection", group, { title: "Fraud detection, card payments" }), {
      ...LIVE,
      lifecycle: "Deploying",
      health: "Failed",
      traffic: "None",
      replicas: { ready: 0, starting: 0, wanted: 2 },
      message:
        "needs 3 GiB; the roomiest replica of server onnx has 1.2 GiB free; raise its replicas with: slipway scale server onnx --replicas N",
    });
    await say(await apply("digits", group, { spec: { access: { visibility: "public" } } }), {
      ...LIVE,
      lifecycle: "Updating",
      traffic: "Partial",
      replicas: { ready: 1, starting: 1, wanted: 2 },
    });
    await say(await apply("old-model", group, { spec: { running: false } }), {
      ...LIVE,
      lifecycle: "Stopped",
      traffic: "None",
      replicas: { ready: 0, starting: 0, wanted: 0 },
    });
    const page = await walk.signIn();
    const routes: [name: string, path: string, text: string][] = [
      ["list", `/deployments?group=${group}`, "Up to date"],
      ["sign-in", "/sign-in#not-a-real-link", "It works once"],
    ];
    for (const [name, path, text] of routes) {
      await page.goto(walk.url + path);
      await page.getByText(text).waitFor();
      await expectGoodLooks(page, name);
    }
  });
});
