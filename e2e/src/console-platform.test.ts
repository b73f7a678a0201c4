import { startTestPlatform, type TestPlatform } from "@slipway/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noBrowser, openBrowser } from "./browser.ts";

describe.skipIf(noBrowser !== null)(
  `the first page of a started platform${noBrowser === null ? "" : ` (${noBrowser})`}`,
  () => {
    let platform: TestPlatform;
    let browser: Browser;
    beforeAll(async () => {
      platform = await startTestPlatform({ demo: true, consoleUi: true });
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      await platform?.stop();
    });

    test("the printed sign-in link leads to the demos, and what is done by command line shows by itself", async () => {
      const page = await browser.newPage();
      await page.goto(platform.info.signInUrl);
      await page.getByRole("button", { name: "Sign in" }).click();
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
  },
);
