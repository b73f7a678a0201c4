import { resourceView } from "@slipway/contracts";
import { until } from "@slipway/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ConsoleWalk,
  describeInBrowser,
  isAlive,
  pressOn,
  readClipboard,
  SEEN_MS,
  startConsoleWalk,
} from "../walk.ts";

const AWAY = "Slipway does not answer. What you typed stays, and is checked when Slipway is back.";

describeInBrowser("what comes between typing and applying", () => {
  let walk: ConsoleWalk;
  beforeAll(async () => {
    walk = await startConsoleWalk();
    await walk.deploy({ name: "iris", group: "default", title: "Iris" });
  });
  afterAll(() => walk?.close());

  const read = async () => resourceView.parse((await walk.console.api("GET", "/deployments/iris")).body);
  const timeout = (page: Page) => page.getByLabel("Longest request");
  const leaveDialog = (page: Page) => page.getByRole("dialog", { name: "Leave without applying?" });

  async function openEdit(page: Page): Promise<void> {
    await page.goto(`${walk.url}/deployments/iris`);
    await isAlive(page);
    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByRole("heading", { level: 1, name: "Edit iris" }).waitFor();
  }

  test("the console goes and comes back under both forms: all that was typed stays, is checked again, and is applied", async () => {
    const context = await walk.openContext();
    walk.tolerate(context, /ERR_|status of 5/);
    const page = await walk.signIn(context);
    await openEdit(page);
    await timeout(page).fill("40s");
    await page.getByRole("heading", { name: "1 pending change" }).waitFor();
    const other = await context.newPage();
    await other.goto(`${walk.url}/deployments/-/new`);
    await other.getByRole("radio", { name: /^Iris/ }).check();
    await other.getByText(/There is a deployment named iris already|This name is free/).waitFor();

    await walk.console.kill9();
    await page.getByText("Not connected: shown as of").waitFor();
    await page.getByText(AWAY).waitFor();
    await timeout(page).fill("never");
    await page.getByRole("button", { name: "Review" }).click();
    const dialog = page.getByRole("dialog", { name: "Review the changes of iris" });
    await dialog.getByText("Slipway does not answer. Apply waits until it is known what changes.").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await other.getByLabel("Name", { exact: true }).fill("new");
    await other.getByText("Not known whether it is free: Slipway does not answer.").waitFor();
    await other.getByRole("button", { name: "Deploy" }).click();
    await other.getByRole("alert").getByText("Slipway does not answer.").waitFor();

    await walk.console.start();
    await page.getByText('Is "never"; must be a duration').first().waitFor({ timeout: SEEN_MS });
    await isAlive(page);
    expect(await page.getByText(AWAY).count()).toBe(0);
    await timeout(page).fill("50s");
    await page.getByRole("button", { name: "Review" }).click();
    await dialog.getByText("Takes effect on the next request.").waitFor();
    await dialog.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("heading", { level: 1, name: "Iris", exact: true }).waitFor();
    expect((await read()).spec).toMatchObject({ limits: { timeout: "50s" } });

    // No name is kept for a page of the console: this one is a deployment's like any other.
    await other.getByText("This name is free.").waitFor({ timeout: SEEN_MS });
    await other.getByRole("button", { name: "Deploy" }).click();
    await other.waitForURL("**/deployments/new");
    await other.getByRole("heading", { level: 1, name: "Iris" }).waitFor();
  });

  test("Enter before it is known what changes is answered, and applies nothing", async () => {
    const page = await walk.signIn();
    await openEdit(page);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(/resource\.preflight/, async (route) => {
      await released;
      await route.continue();
    });
    await timeout(page).fill("70s");
    await page.getByRole("button", { name: "Review" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Looking at what changes. Apply waits for it.").waitFor();
    await page.keyboard.press("Enter");
    await dialog.getByText("Not applied yet: wait until you see what changes.").waitFor();
    release();
    await dialog.getByText("This is what changes. Apply it if it is right.").waitFor();
    expect((await read()).spec).not.toMatchObject({ limits: { timeout: "70s" } });
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Iris", exact: true }).waitFor();
    expect((await read()).spec).toMatchObject({ limits: { timeout: "70s" } });
  });

  test("a session that ends leads to signing in and back to the form with all that was typed", async () => {
    const context = await walk.openContext();
    walk.tolerate(context, /status of 401/);
    const page = await walk.signIn(context);
    await page.goto(`${walk.url}/deployments/iris/edit`);
    await isAlive(page);
    await timeout(page).fill("80s");
    await page.getByRole("heading", { name: "1 pending change" }).waitFor();
    await context.clearCookies();
    await timeout(page).fill("90s");
    await page.waitForURL("**/sign-in?**");
    await page.getByText("You were signed out.").waitFor();

    await page.goto(await walk.signInLink());
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL("**/deployments/iris/edit");
    await page.getByText("What you typed before you were signed out is back.").waitFor();
    expect(await timeout(page).inputValue()).toBe("90s");
    await page.getByRole("button", { name: "Discard" }).click();
  });

  test("Back, a key, the palette and the group ask before they leave what was typed", async () => {
    const page = await walk.signIn();
    await openEdit(page);
    const typed = () => timeout(page).fill("100s");
    await typed();
    await page.getByRole("heading", { name: "1 pending change" }).waitFor();
    const stay = async () => {
      await pressOn(page, "button", "Cancel");
      await leaveDialog(page).waitFor({ state: "detached" });
      expect(await timeout(page).inputValue()).toBe("100s");
    };

    await page.goBack();
    await leaveDialog(page).waitFor();
    await stay();
    await page.getByRole("button", { name: "Review" }).focus();
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await leaveDialog(page).waitFor();
    await stay();
    await page.keyboard.press("ControlOrMeta+k");
    await page.getByRole("combobox", { name: "Search and do anything" }).fill("activity");
    await page.keyboard.press("Enter");
    await leaveDialog(page).waitFor();
    await stay();

    await page.goBack();
    await leaveDialog(page).getByRole("button", { name: "Leave" }).click();
    await page.getByRole("heading", { level: 1, name: "Iris", exact: true }).waitFor();
    await page.goForward();
    await page.getByRole("button", { name: "Restore them" }).click();
    expect(await timeout(page).inputValue()).toBe("100s");
    await page.getByRole("button", { name: "Discard" }).click();
    // Nothing is unsaved: the first press leads back.
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Iris", exact: true }).waitFor();
  });

  test("a form that is the first page of its tab is left for what it belongs to", async () => {
    const page = await walk.signIn();
    const tab = await page.context().newPage();
    await tab.goto(`${walk.url}/deployments/iris/edit`);
    await isAlive(tab);
    await timeout(tab).fill("110s");
    await tab.getByRole("heading", { name: "1 pending change" }).waitFor();
    await tab.getByRole("button", { name: "Review" }).focus();
    await tab.keyboard.press("g");
    await tab.keyboard.press("d");
    await leaveDialog(tab).getByRole("button", { name: "Leave" }).click();
    await tab.waitForURL("**/deployments");
    await tab.goBack();
    await tab.getByRole("button", { name: "Discard them" }).click();
  });

  test("a page that cannot be made names the request that the log has, and is made again on a press", async () => {
    const context = await walk.openContext();
    walk.tolerate(context, /status of 500|React error #441/);
    const page = await walk.signIn(context);
    await walk.database.db.pool.query("ALTER TABLE saved_view RENAME TO saved_view_gone");
    const response = await page.goto(`${walk.url}/deployments`);
    await page.getByText("The deployments cannot be read.").waitFor();
    const requestId = response?.headers()["x-request-id"] ?? "none";
    expect(requestId).toMatch(/^req_/);
    await page.getByText(requestId).waitFor();
    await page.getByRole("button", { name: "Copy the request's id" }).click();
    expect(await readClipboard(page)).toBe(requestId);
    const isLogged = () => {
      const lines = walk.console.readLog().split("\n");
      return lines.some((line) => line.includes(requestId) && line.includes("a page could not be made"));
    };
    await until(isLogged, { what: "the log has the request" });
    await walk.database.db.pool.query("ALTER TABLE saved_view_gone RENAME TO saved_view");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { level: 1, name: "Deployments" }).waitFor();
    await until(async () => (await page.getByText("cannot be read").count()) === 0);
  });
});
