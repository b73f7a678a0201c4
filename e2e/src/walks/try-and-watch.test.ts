import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser, isAlive, type PlatformWalk, pressOn, startWalk } from "../walk.ts";

/** A gateway tells of a window within some seconds of its end, and the page asks anew every ten. */
const COUNTED_MS = 60_000;

describeInBrowser("trying a private deployment and watching its metrics", () => {
  let walk: PlatformWalk;
  beforeAll(async () => {
    walk = await startWalk();
  });
  afterAll(() => walk?.close());

  test("with the mouse: the sample is answered by the model without any token, and counted", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/iris`);
    await isAlive(page);
    await page.getByText("Private", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Try it" }).first().click();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("200 OK").waitFor();
    await page
      .getByRole("region", { name: /^Values of/ })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    await page.getByLabel("Body", { exact: true }).fill('{ "inputs": [{ "name": "nothing", "datatype": "FP32" }] }');
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("400 Bad request").waitFor();
    await page.getByRole("button", { name: "Use this body" }).click();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("200 OK").waitFor();
    await page.getByRole("link", { name: "Metrics" }).click();
    const answers = page.getByRole("region", { name: "Answers by status" });
    await answers
      .getByText(/In all 200: \d+, 400: \d+/)
      .first()
      .waitFor({ timeout: COUNTED_MS });
    const { body } = await walk.platform.api("GET", "/deployments/iris/tokens?group=default");
    expect(JSON.stringify(body)).not.toContain("slipway-console");
  });

  test("by keyboard alone", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/iris?tab=try`);
    await isAlive(page);
    await page.getByRole("heading", { name: "Request" }).waitFor();
    await pressOn(page, "button", "Send");
    await page.getByText("200 OK").waitFor();
    await pressOn(page, "button", /^Copy the request id/);
    await page.getByRole("button", { name: "Copied the request id" }).waitFor();
  });
});
