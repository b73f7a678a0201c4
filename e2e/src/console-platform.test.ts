import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser, type PlatformWalk, startWalk } from "./walk.ts";

describeInBrowser("the first page of a started platform", () => {
  let walk: PlatformWalk;
  beforeAll(async () => {
    walk = await startWalk();
  });
  afterAll(() => walk?.close());

  test("the printed sign-in link leads to the demos, and what is done by command line shows by itself", async () => {
    const { platform } = walk;
    const page = await (await walk.openContext()).newPage();
    await page.goto(platform.info.signInUrl);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL("**/welcome");
    await page.getByRole("button", { name: "Go to the deployments" }).click();
    const iris = page.locator('tr[data-name="iris"]');
    await iris.getByText("Live").waitFor();
    await iris.getByText("1/1 ready").waitFor();

    expect(await platform.cli("scale", "server", "onnx", "--replicas", "2")).toMatchObject({ code: 0 });
    expect(await platform.cli("scale", "deployment", "iris", "--replicas", "2")).toMatchObject({ code: 0 });
    await iris.getByText("2/2 ready").waitFor();
    expect(await platform.cli("stop", "deployment", "iris")).toMatchObject({ code: 0 });
    await iris.getByText("Stopped").waitFor();
    expect(await platform.cli("delete", "deployment", "iris", "--yes")).toMatchObject({ code: 0 });
    await iris.waitFor({ state: "detached" });
  });
});
