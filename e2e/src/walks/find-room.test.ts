import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser, isAlive, type PlatformWalk, pressOn, rowOf, startWalk, typeOn } from "../walk.ts";

describeInBrowser("finding where a model fits, and why it does not", () => {
  let walk: PlatformWalk;
  beforeAll(async () => {
    walk = await startWalk();
  });
  afterAll(() => walk?.close());

  async function openServers(): Promise<Page> {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/servers`);
    await isAlive(page);
    await rowOf(page, "platform/onnx/0").getByText("iris").waitFor();
    return page;
  }

  test("by mouse: what each replica holds, room for a small model, none for a large one and by how much, and where a deployment is", async () => {
    const page = await openServers();
    const replica = rowOf(page, "platform/onnx/0");
    for (const text of ["Ready", "declared", "measured", "none"]) await replica.getByText(text).first().waitFor();
    const panel = page.getByRole("region", { name: "Where does this fit, and why not?" });
    await panel.getByLabel("Memory").fill("100Mi");
    await panel.getByRole("button", { name: "Ask" }).click();
    await panel.getByText("1 of 1 replica would be placed on server onnx.").waitFor();
    await panel.getByLabel("Memory").fill("900Gi");
    await panel.getByRole("button", { name: "Ask" }).click();
    await panel.getByText("more than the").waitFor();
    await panel.getByText("too little").waitFor();
    // Whoever gets the address sees the same question with its answer.
    await page.reload();
    await panel.getByText("too little").waitFor();
    expect(await panel.getByLabel("Memory").inputValue()).toBe("900Gi");
    await isAlive(page);
    await panel.getByLabel("Memory").fill("plenty");
    await panel.getByRole("button", { name: "Ask" }).click();
    await panel.getByText("Must be a quantity of memory above zero").waitFor();
    await panel.getByLabel("Model").selectOption("iris");
    await panel.getByRole("button", { name: "Ask" }).click();
    await panel.getByText("Holds it").first().waitFor();
    await replica.getByRole("link", { name: "iris" }).click();
    await page.getByRole("heading", { level: 1 }).getByText(/iris/i).waitFor();
  });

  test("by keyboard alone, and the command line says the same", async () => {
    const page = await openServers();
    await typeOn(page, "textbox", "Memory", "900Gi");
    await pressOn(page, "button", "Ask");
    const [, , lacking] = await Promise.all([
      page.getByText("too little").waitFor(),
      page.getByText("Does not fit").first().waitFor(),
      walk.platform.cli("fit", "--memory", "900Gi"),
    ]);
    expect(lacking).toMatchObject({ code: 0 });
    expect(lacking.stdout).toContain("It does not fit");
    expect((await walk.platform.cli("fit", "--memory", "100Mi")).stdout).toContain("It fits: 1 of 1 replica");
    expect((await walk.platform.cli("replicas", "onnx")).stdout).toMatch(/onnx +0 +ready/);
  });
});
