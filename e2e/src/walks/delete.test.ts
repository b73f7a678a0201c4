import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { modelFile } from "../examples.ts";
import { describeInBrowser, type PlatformWalk, pressOn, rowOf, startWalk, tabTo } from "../walk.ts";

describeInBrowser("deleting a deployment", () => {
  let walk: PlatformWalk;
  beforeAll(async () => {
    walk = await startWalk();
  });
  afterAll(() => walk?.close());
  beforeEach(() => walk.platform.deploy("leaving", modelFile("iris")));

  /** Its name is free once all that held it is gone. */
  const untilGone = () =>
    expect
      .poll(async () => (await walk.platform.api("GET", "/deployments/leaving")).status, { timeout: 30_000 })
      .toBe(404);

  test("with the mouse: only its typed name deletes it, and it leaves the list of whoever looks", async () => {
    const [page, onlooker] = [await walk.signIn(), await walk.signIn()];
    await rowOf(onlooker, "leaving").waitFor();
    await page.goto(`${walk.url}/deployments/leaving`);
    await page.getByText("Up to date").waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Type leaving to delete it").fill("leavin");
    expect(await dialog.getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
    await dialog.getByLabel("Type leaving to delete it").fill("leaving");
    await dialog.getByRole("button", { name: "Delete" }).click();
    await untilGone();
    await rowOf(onlooker, "leaving").waitFor({ state: "detached" });
    await page.getByText("leaving was deleted").waitFor();
  });

  test("by keyboard alone", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/leaving`);
    await page.getByText("Up to date").waitFor();
    await pressOn(page, "button", "Delete");
    await tabTo(page, "textbox", "Type leaving to delete it");
    await page.keyboard.type("leaving");
    await page.keyboard.press("Enter");
    await untilGone();
    await page.getByText("leaving was deleted").waitFor();
  });
});
