import { resourceView } from "@slipway/contracts";
import { until } from "@slipway/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import {
  type ConsoleWalk,
  describeInBrowser,
  expectGoodLooks,
  isAlive,
  LIVE_STATUS,
  pressOn,
  startConsoleWalk,
  tabTo,
} from "./walk.ts";

/** What moved by itself since a page was opened may not be worth more. */
const LAYOUT_SHIFT_MAX = 0.02;
const READ_LAYOUT_SHIFT = `new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value } of list.getEntries()) if (!hadRecentInput) sum += value;
  }).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
})`;

async function layoutShift(page: Page): Promise<number> {
  return z.number().parse(await page.evaluate(READ_LAYOUT_SHIFT));
}

describeInBrowser("the frame of the console in a browser", () => {
  let walk: ConsoleWalk;
  beforeAll(async () => {
    walk = await startConsoleWalk();
  });
  afterAll(() => walk?.close());

  async function openIris(group: string, page: Page): Promise<void> {
    await walk.say(await walk.deploy({ name: "iris", group }), LIVE_STATUS);
    await page.goto(`${walk.url}/deployments/iris?group=${group}`);
    await isAlive(page);
  }
  const read = async (group: string) => {
    const { body } = await walk.console.api("GET", `/deployments/iris?group=${group}`);
    return resourceView.parse(body);
  };
  const messages = (page: Page) => page.getByRole("region", { name: "Messages" });

  async function scaleTo(page: Page, replicas: number): Promise<void> {
    await page.getByRole("button", { name: "Scale" }).click();
    await page.getByRole("dialog").getByLabel("Replicas").fill(String(replicas));
    await page.getByRole("dialog").getByRole("button", { name: "Scale", exact: true }).click();
  }

  test("what was scaled, stopped or started is taken back by the button of its message, or by Control+Z", async () => {
    const page = await walk.signIn();
    await openIris("undo", page);
    await scaleTo(page, 3);
    await messages(page).getByText("iris is scaled to 3.").waitFor();
    await messages(page).getByRole("button", { name: "Undo" }).click();
    await messages(page).getByText("Taken back.").waitFor();
    expect((await read("undo")).spec.scaling).toMatchObject({ replicas: 1 });
    await page.getByText("Revision 3", { exact: true }).waitFor();

    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop" }).click();
    await messages(page).getByText("iris stops.").waitFor();
    await page.keyboard.press("ControlOrMeta+z");
    await page.getByRole("button", { name: "Stop" }).waitFor();
    expect((await read("undo")).spec.running).not.toBe(false);
  });

  test("what somebody else changed meanwhile is not taken back unseen", async () => {
    const page = await walk.signIn();
    await openIris("undo-conflict", page);
    await scaleTo(page, 3);
    await messages(page).getByText("iris is scaled to 3.").waitFor();
    await walk.console.api("POST", "/deployments/iris/scale?group=undo-conflict", { replicas: 5 });
    await messages(page).getByRole("button", { name: "Undo" }).click();
    await messages(page).getByText("It could not be taken back.").waitFor();
    expect((await read("undo-conflict")).spec.scaling).toMatchObject({ replicas: 5 });
  });

  test("a message goes by itself, but not while pointer or focus is on it", async () => {
    const page = await walk.signIn();
    await openIris("stays", page);
    await page.clock.install();
    await scaleTo(page, 3);
    const message = messages(page).getByText("iris is scaled to 3.");
    await message.hover();
    await page.clock.fastForward(60_000);
    expect(await message.isVisible()).toBe(true);
    await page.getByRole("heading", { level: 1 }).hover();
    await messages(page).getByRole("button", { name: "Undo" }).focus();
    await page.clock.fastForward(60_000);
    expect(await message.isVisible()).toBe(true);
    await page.getByRole("button", { name: "Scale", exact: true }).focus();
    await page.clock.fastForward(60_000);
    await message.waitFor({ state: "detached" });
  });

  test("times are in UTC or where the browser is, in the first frame too", async () => {
    const context = await walk.openContext({ timezoneId: "Asia/Kolkata" });
    const page = await walk.signIn(context);
    await openIris("times", page);
    await page
      .getByText(/\d\d:\d\d:\d\d UTC$/)
      .first()
      .waitFor({ state: "attached" });
    await pressOn(page, "button", "Account");
    await pressOn(page, "radio", "UTC", "ArrowRight");
    await page
      .getByText(/\d\d:\d\d:\d\d GMT\+5:30$/)
      .first()
      .waitFor({ state: "attached" });
    const response = await page.reload();
    expect(await response?.text()).toContain("GMT+5:30");
    await page.getByRole("button", { name: "now" }).first().hover();
    expect(
      await page
        .getByText(/GMT\+5:30$/)
        .first()
        .isVisible(),
    ).toBe(true);
  });

  test("a navigation made narrow is narrow in the next first frame, and its words are there on focus", async () => {
    const page = await walk.signIn();
    const words = page.getByRole("navigation", { name: "Pages" }).getByText("Servers");
    const width = async () => (await words.boundingBox())?.width ?? 0;
    expect(await width()).toBeGreaterThan(20);
    await page.getByRole("button", { name: "Narrow the navigation" }).click();
    await until(async () => (await width()) < 20);
    await page.reload();
    await isAlive(page);
    expect(await width()).toBeLessThan(20);
    await tabTo(page, "link", "Servers");
    await until(async () => (await width()) > 20);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Servers" }).waitFor();
  });

  test("on a small screen the menu is a dialog: it holds the focus, Escape gives it back, a page closes it", async () => {
    const page = await walk.signIn(await walk.openContext({ viewport: { width: 320, height: 700 } }));
    await pressOn(page, "button", "Menu");
    const menu = page.getByRole("dialog", { name: "Menu" });
    await menu.waitFor();
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "detached" });
    expect(await page.getByRole("button", { name: "Menu" }).and(page.locator(":focus")).count()).toBe(1);
    await page.keyboard.press("Enter");
    await pressOn(page, "link", "Servers");
    await page.getByRole("heading", { level: 1, name: "Servers" }).waitFor();
    await menu.waitFor({ state: "detached" });
  });

  test.for([320, 1440])("nothing moves while a page comes: %i pixels wide", async (width) => {
    const group = "still";
    await walk.say(await walk.deploy({ name: "iris", group }), LIVE_STATUS);
    const page = await walk.signIn(await walk.openContext({ viewport: { width, height: 900 } }));
    for (const path of ["/deployments", "/deployments/iris", "/servers", "/welcome"]) {
      await page.goto(`${walk.url}${path}?group=${group}`);
      await isAlive(page);
      expect(await layoutShift(page), path).toBeLessThanOrEqual(LAYOUT_SHIFT_MAX);
    }
  });

  test("axe finds nothing and nothing overflows, in light and dark at every width", async () => {
    const page = await walk.signIn();
    await openIris("looks", page);
    await scaleTo(page, 3);
    await messages(page).getByRole("button", { name: "Undo" }).waitFor();
    // A message waits for as long as somebody may be about to press it.
    await messages(page).getByRole("button", { name: "Undo" }).focus();
    await expectGoodLooks(page, "message");
    await page.getByRole("button", { name: "Account", exact: true }).click();
    await page.getByText("Local", { exact: true }).waitFor();
    await expectGoodLooks(page, "account");
  });
});
