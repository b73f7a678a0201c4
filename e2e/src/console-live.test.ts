import { until } from "@slipway/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ConsoleWalk,
  describeInBrowser,
  expectGoodLooks,
  isAlive,
  LIVE_STATUS,
  startConsoleWalk,
} from "./walk.ts";

/** A browser opens no more connections than six to one place over HTTP/1.1; a seventh tab would wait for ever. */
const TABS = 7;

describeInBrowser("the live connection of the console in a browser", () => {
  let walk: ConsoleWalk;
  beforeAll(async () => {
    walk = await startConsoleWalk();
  });
  afterAll(() => walk?.close());

  test("seven tabs of every kind are live over one connection, and another tab takes over when its own is closed", async () => {
    const group = "seven";
    const iris = await walk.deploy({ name: "iris", group });
    const onnx = await walk.apply("Server", { name: "onnx", group }, { runtime: "onnx", replicas: 1 });
    const context = await walk.openContext();
    const streams: Page[] = [];
    const first = await walk.signIn(context);
    context.on("request", (request) => {
      if (request.url().includes("live.resources")) streams.push(request.frame().page());
    });
    await first.goto(`${walk.url}/deployments?group=${group}`);
    await isAlive(first);
    const tabs = [first];
    for (const path of ["/servers", "/deployments/iris", "/deployments", "/servers", "/deployments/iris", "/servers"]) {
      const tab = await context.newPage();
      await tab.goto(`${walk.url}${path}?group=${group}`);
      await isAlive(tab);
      tabs.push(tab);
    }
    expect(tabs).toHaveLength(TABS);
    expect(streams).toEqual([first]);

    const saysAll = async (message: string, pages: readonly Page[]) => {
      await walk.say(iris, { ...LIVE_STATUS, message });
      await walk.say(onnx, { ...LIVE_STATUS, message });
      await Promise.all(pages.map((page) => page.getByText(message).first().waitFor()));
    };
    await saysAll("All seven hear of it.", tabs);
    await first.close();
    await until(() => streams.length === 2, { what: "another tab took the connection over" });
    await saysAll("Six still do.", tabs.slice(1));
  });

  test("a browser that lost its network says so at once, and catches up when it is back", async () => {
    const group = "offline";
    const uid = await walk.deploy({ name: "iris", group });
    const context = await walk.openContext();
    walk.tolerate(context, /ERR_INTERNET_DISCONNECTED/);
    const page = await walk.signIn(context);
    await page.goto(`${walk.url}/deployments/iris?group=${group}`);
    await isAlive(page);
    await context.setOffline(true);
    await page.getByText(/^Not connected: shown as of \d\d:\d\d UTC$/).waitFor();
    await walk.say(uid, { ...LIVE_STATUS, message: "It went on without you." });
    await context.setOffline(false);
    await page.getByText("It went on without you.").waitFor();
    await isAlive(page);
  });

  test("a page that nothing keeps up to date does not say that it is", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/activity`);
    await page.getByText("Connected", { exact: true }).waitFor();
    expect(await page.getByText("Up to date").count()).toBe(0);
  });

  test("whoever is signed out meanwhile is told, and goes on after signing in elsewhere", async () => {
    const context = await walk.openContext();
    walk.tolerate(context, /status of 401|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION/);
    const page = await walk.signIn(context);
    await page.goto(`${walk.url}/activity`);
    const connected = page.getByText("Connected", { exact: true });
    await connected.waitFor();
    await context.clearCookies();
    await walk.console.kill9();
    await walk.console.start();
    await page.getByText("You are signed out.").waitFor();
    await walk.signIn(context);
    await connected.waitFor();
  });

  test("one can switch to the groups that there are, and stays on the page", async () => {
    await walk.deploy({ name: "iris", group: "switched-to" });
    const page = await walk.signIn();
    await page.goto(`${walk.url}/servers`);
    await isAlive(page);
    const choice = page.getByRole("combobox", { name: "Group" });
    await until(async () => (await choice.textContent())?.includes("switched-to (1)") === true);
    await choice.selectOption("switched-to");
    await page.waitForURL("**/servers?group=switched-to");
    await page.getByText("models of group switched-to").waitFor();
    await page.getByRole("link", { name: "Deployments" }).click();
    await page.waitForURL("**/deployments?group=switched-to");
  });

  test("axe finds nothing while not connected, in light and dark at every width", async () => {
    const context = await walk.openContext();
    walk.tolerate(context, /ERR_INTERNET_DISCONNECTED/);
    const page = await walk.signIn(context);
    await context.setOffline(true);
    await page.getByText("Not connected").waitFor();
    await expectGoodLooks(page, "not-connected");
  });
});
