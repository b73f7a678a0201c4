import { fileURLToPath } from "node:url";
import { until } from "@slipway/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser, expectGoodLooks, isAlive, type PlatformWalk, pressOn, startWalk } from "../walk.ts";

const OWN_MODEL = fileURLToPath(new URL("../../../examples/models/iris/model.onnx", import.meta.url));
/** From the opening of the sign-in link; the demo's model has to be loaded within it. */
const READY_MS = 60_000;

describeInBrowser("from the first sign-in to the first answer, on the whole platform", () => {
  let walk: PlatformWalk;
  beforeAll(async () => {
    walk = await startWalk();
  });
  afterAll(() => walk?.close());

  const answer = (page: Page) => page.getByRole("region", { name: "Answer" });

  test("by mouse: the link, one press to send, and the model's answer with its latency", async () => {
    const page = await (await walk.openContext()).newPage();
    await page.goto(walk.platform.info.signInUrl);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL("**/welcome");
    const demo = page.getByRole("region", { name: "Iris classifier" });
    await demo.getByText("Live", { exact: true }).waitFor({ timeout: READY_MS });
    await page.getByRole("button", { name: "Send" }).click();
    await answer(page)
      .getByText(/^\d+(\.\d+)? ms$/)
      .waitFor();
    await answer(page).getByText("200").first().waitFor();
    await page.getByRole("link", { name: "Try it" }).click();
    await page.waitForURL("**/deployments/iris?tab=try");
  });

  test("by keyboard alone: signed in, the demo answers, and the page can be put aside", async () => {
    const context = await walk.openContext();
    const page = await context.newPage();
    await page.goto(await walk.signInLink());
    await pressOn(page, "button", "Sign in");
    await page.waitForURL("**/welcome");
    await isAlive(page);
    await page.getByRole("button", { name: "Send" }).waitFor({ timeout: READY_MS });
    await pressOn(page, "button", "Send");
    await answer(page)
      .getByText(/^\d+(\.\d+)? ms$/)
      .waitFor();
    await pressOn(page, "button", "Go to the deployments");
    await page.getByRole("heading", { level: 1, name: "Deployments" }).waitFor();
    await page.goto(walk.url);
    await page.waitForURL("**/deployments");
  });

  test("a file of one's own is dropped, looked at and deployed without leaving the page", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/welcome`);
    await isAlive(page);
    await page.locator("input[type=file]").setInputFiles(OWN_MODEL);
    await page.getByLabel("Name of the model").fill("mine");
    await page.getByRole("button", { name: "Upload", exact: true }).click();
    await page.getByText("Version 1 of mine is stored.").waitFor();
    await page.getByText(/^It takes input \(FP32\) and answers/).waitFor();
    await expectGoodLooks(page, "welcome-stored");
    await page.getByRole("button", { name: "Deploy it" }).click();
    await page.waitForURL("**/deployments/mine");
    await page.getByText("One replica answers requests.").waitFor({ timeout: READY_MS });
    expect(await walk.platform.cli("delete", "deployment", "mine", "--yes")).toMatchObject({ code: 0 });
  });

  test("axe finds nothing and nothing overflows, in light and dark at every width", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/welcome`);
    await page.getByRole("button", { name: "Send" }).waitFor({ timeout: READY_MS });
    await expectGoodLooks(page, "welcome");
    await page.getByRole("button", { name: "Send" }).click();
    await answer(page)
      .getByText(/^\d+(\.\d+)? ms$/)
      .waitFor();
    await expectGoodLooks(page, "welcome-answer");
  });

  test("whoever deleted the demo is told so and shown the way to a model of their own", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/welcome`);
    for (const name of ["iris", "breast-cancer"]) await walk.platform.api("DELETE", `/deployments/${name}`);
    await page.getByText("The demo was deleted.").waitFor();
    await page.reload();
    await page.getByText("The demo was deleted.").waitFor();
    await page.getByRole("heading", { name: "Your first model" }).waitFor();
    await page.getByRole("button", { name: "Choose a file" }).waitFor();
    await until(async () => (await page.getByRole("button", { name: "Send" }).count()) === 0);
    await expectGoodLooks(page, "welcome-without-demo");
  });
});
