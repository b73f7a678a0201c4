import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modelFile } from "../examples.ts";
import {
  describeInBrowser,
  expectGoodLooks,
  isAlive,
  type PlatformWalk,
  pressOn,
  startWalk,
  tabTo,
  typeOn,
} from "../walk.ts";

/** A load on a busy machine takes its time. */
const LIVE_MS = 60_000;

describeInBrowser("deploying a model of one's own", () => {
  let walk: PlatformWalk;
  beforeAll(async () => {
    walk = await startWalk();
  });
  afterAll(() => walk?.close());

  async function untilLive(page: Page): Promise<void> {
    await page.getByText("One replica answers requests.").waitFor({ timeout: LIVE_MS });
  }

  test("with the mouse: from the list to the first answer, with nothing but the model's address", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments`);
    await isAlive(page);
    await page.getByRole("link", { name: "New deployment" }).click();
    await page.getByRole("heading", { level: 1, name: "New deployment" }).waitFor();
    await isAlive(page);
    await page.getByRole("radio", { name: "By its address" }).click();
    await page.getByLabel("Address of the model").fill(pathToFileURL(modelFile("digits")).href);
    await page.getByText("It can be read").waitFor();
    await page.getByText("This name is free.").waitFor();
    await expectGoodLooks(page, "walk-new");
    await page.getByRole("button", { name: "Deploy" }).click();
    await page.getByRole("heading", { level: 1, name: "digits", exact: true }).waitFor();
    await untilLive(page);
    await page.getByRole("link", { name: "Try it" }).click();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("200 OK").waitFor();
  });

  test("by keyboard alone", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments`);
    await isAlive(page);
    await page.keyboard.press("n");
    await page.getByRole("heading", { level: 1, name: "New deployment" }).waitFor();
    // The form is there once it says which model it begins with.
    await page.getByRole("radio", { name: /breast/i }).waitFor();
    // One radio of a group takes part in Tab; the arrows lead from it to the others.
    await tabTo(page, "radio", /Registered|Deployed already|By its address/);
    const address = page.getByRole("radio", { name: "By its address" });
    while (!(await address.isChecked())) await page.keyboard.press("ArrowDown");
    await typeOn(page, "textbox", "Address of the model", pathToFileURL(modelFile("digits")).href);
    // Proposed from the whole address, not from its first letter.
    expect(await page.getByLabel("Title").inputValue()).toBe("digits");
    await typeOn(page, "textbox", "Title", "My digits");
    await page.getByText("This name is free.").waitFor();
    await pressOn(page, "button", "Deploy");
    await page.getByRole("heading", { level: 1, name: "My digits", exact: true }).waitFor();
    await untilLive(page);
    await pressOn(page, "link", "Try it");
    await pressOn(page, "button", "Send");
    await page.getByText("200 OK").waitFor();
  });
});
