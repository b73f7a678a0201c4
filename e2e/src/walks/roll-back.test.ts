import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { isSettled, modelFile, stateOf, untilState } from "../examples.ts";
import { describeInBrowser, type PlatformWalk, pressOn, startWalk, tabTo } from "../walk.ts";

describeInBrowser("rolling a deployment back", () => {
  let walk: PlatformWalk;
  let before = 0;
  beforeAll(async () => {
    walk = await startWalk();
  });
  afterAll(() => walk?.close());

  /** Somebody puts a model for tumours behind the address of the one for irises. */
  beforeEach(async () => {
    before = (await stateOf(walk.platform, "iris")).metadata.generation;
    const spec = { variants: [{ model: { uri: `file:${modelFile("breast-cancer")}` } }] };
    const manifest = { apiVersion: "slipway.dev/v1", kind: "Deployment", metadata: { name: "iris" }, spec };
    await walk.platform.api("POST", "/apply", { manifest: JSON.stringify(manifest), message: "New model" });
    await untilState(
      walk.platform,
      "iris",
      (state) => isSettled(state) && state.metadata.generation > before,
      "the other model serves",
    );
    expect(await inputSize()).not.toBe(4);
  });

  /** How many numbers the model that serves wants in a row: 4 is the one for irises. */
  async function inputSize(): Promise<unknown> {
    const { body } = await walk.platform.api("GET", "/deployments/iris");
    return JSON.stringify(body).includes('"shape":[-1,4]') ? 4 : null;
  }
  async function expectRolledBack(page: Page): Promise<void> {
    await untilState(
      walk.platform,
      "iris",
      (state) => isSettled(state) && state.metadata.generation === before + 2,
      "the revision of the roll-back serves",
    );
    expect(await inputSize()).toBe(4);
    await page.locator(`li[data-revision="${before + 2}"]`).waitFor();
  }

  test("with the mouse, in three presses: what returns is listed first, then it serves again", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/iris`);
    await page.getByText("Up to date").waitFor();
    await page.getByRole("link", { name: "History" }).click();
    await page.getByRole("button", { name: `Roll back to revision ${before}`, exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("row", { name: /model\.uri/ }).waitFor();
    await dialog.getByRole("button", { name: "Roll back" }).click();
    await expectRolledBack(page);
  });

  test("by keyboard alone", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/iris`);
    await page.getByText("Up to date").waitFor();
    await pressOn(page, "link", "History");
    const name = `Roll back to revision ${before}`;
    await page.getByRole("button", { name, exact: true }).waitFor();
    await pressOn(page, "button", name);
    await page
      .getByRole("dialog")
      .getByRole("row", { name: /model\.uri/ })
      .waitFor();
    await tabTo(page, "button", "Roll back");
    await page.keyboard.press("Enter");
    await expectRolledBack(page);
  });
});
