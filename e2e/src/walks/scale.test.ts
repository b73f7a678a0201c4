import { afterAll, beforeAll, expect, test } from "vitest";
import { isSettled, untilState } from "../examples.ts";
import { describeInBrowser, type PlatformWalk, pressOn, startWalk, tabTo } from "../walk.ts";

describeInBrowser("scaling a deployment", () => {
  let walk: PlatformWalk;
  beforeAll(async () => {
    walk = await startWalk();
    expect(await walk.platform.cli("scale", "server", "onnx", "--replicas", "2")).toMatchObject({ code: 0 });
  });
  afterAll(() => walk?.close());

  const untilReplicas = (ready: number) =>
    untilState(
      walk.platform,
      "iris",
      (state) => isSettled(state) && state.status.replicas.ready === ready,
      `${ready} ready replicas`,
    );

  test("with the mouse: two replicas serve, and Undo goes back to one", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/iris`);
    await page.getByText("Up to date").waitFor();
    await page.getByRole("button", { name: "Scale" }).click();
    await page.getByLabel("Replicas").fill("2");
    await page.getByRole("dialog").getByRole("button", { name: "Scale", exact: true }).click();
    await untilReplicas(2);
    await page.getByText("iris is scaled to 2.").waitFor();
    await page.getByRole("button", { name: /^Undo/ }).click();
    await untilReplicas(1);
  });

  test("by keyboard alone", async () => {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/iris`);
    await page.getByText("Up to date").waitFor();
    await pressOn(page, "button", "Scale");
    await tabTo(page, "spinbutton", "Replicas");
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("2");
    await page.keyboard.press("Enter");
    await untilReplicas(2);
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await pressOn(page, "button", /^Undo/);
    await untilReplicas(1);
  });
});
