import { until } from "@slipway/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  asLook,
  describeInBrowser,
  expectGoodLooks,
  isAlive,
  LOOKS,
  type PlatformWalk,
  pressOn,
  startWalk,
} from "../walk.ts";

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

  test.for(LOOKS)("axe finds nothing and nothing overflows: %s, %i pixels wide", async ([scheme, width]) => {
    const page = await walk.signIn(await walk.openContext(asLook(scheme, width)));
    await page.waitForURL("**/welcome");
    await page.getByRole("button", { name: "Send" }).waitFor({ timeout: READY_MS });
    await expectGoodLooks(page, `welcome-${scheme}-${width}`);
    await page.getByRole("button", { name: "Send" }).click();
    await answer(page)
      .getByText(/^\d+(\.\d+)? ms$/)
      .waitFor();
    await expectGoodLooks(page, `welcome-answer-${scheme}-${width}`);
  });

  test("whoever deleted the demo is told so and shown the way to a model of their own", async () => {
    const page = await walk.signIn();
    await page.waitForURL("**/welcome");
    for (const name of ["iris", "breast-cancer"]) await walk.platform.api("DELETE", `/deployments/${name}`);
    await page.getByText("There is no demo here").waitFor();
    await page.getByRole("heading", { name: "Your first model" }).waitFor();
    expect(await page.getByRole("link", { name: "Deploy a model" }).getAttribute("href")).toBe("/deployments/new");
    await until(async () => (await page.getByRole("button", { name: "Send" }).count()) === 0);
    await expectGoodLooks(page, "welcome-without-demo");
  });
});
