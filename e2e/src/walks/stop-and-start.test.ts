import { afterAll, beforeAll, expect, test } from "vitest";
import { inferUrl, sampleOf } from "../examples.ts";
import { describeInBrowser, type PlatformWalk, pressOn, startWalk } from "../walk.ts";

describeInBrowser("stopping and starting a deployment", () => {
  let walk: PlatformWalk;
  let token = "";
  beforeAll(async () => {
    walk = await startWalk();
    token = await walk.platform.createToken("iris", "shop");
  });
  afterAll(() => walk?.close());

  async function ask(): Promise<{ status: number; code: unknown }> {
    const response = await fetch(inferUrl(walk.platform, "iris"), {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: sampleOf("iris"),
    });
    const body: { code?: unknown } = await response.json();
    return { status: response.status, code: body.code };
  }
  const untilStopped = () => expect.poll(ask, { timeout: 30_000 }).toEqual({ status: 503, code: "gateway/stopped" });
  const untilServing = () => expect.poll(async () => (await ask()).status, { timeout: 30_000 }).toBe(200);

  test("with the mouse: callers are told that it is stopped, and are answered again once it is started", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/iris`);
    await page.getByText("Up to date").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop" }).click();
    await untilStopped();
    await page.getByText("Stopped").first().waitFor();
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await untilServing();
    await page.getByText("Live").first().waitFor();
  });

  test("by keyboard alone", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/iris`);
    await page.getByText("Up to date").waitFor();
    await pressOn(page, "button", "Stop");
    await page.getByRole("dialog").waitFor();
    await pressOn(page, "button", "Stop");
    await untilStopped();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await pressOn(page, "button", "Start");
    await untilServing();
  });
});
