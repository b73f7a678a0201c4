import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ResourceStatus, resourceView } from "@slipway/contracts";
import { startTestConsole, type TestConsole, type TestDatabase, testDatabase, writeTestStatus } from "@slipway/testkit";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { findViolations, noBrowser, openBrowser, readScripts, sidewaysOverflow } from "./browser.ts";

const SCREENSHOTS = fileURLToPath(new URL("../../screenshots/", import.meta.url));
const SCHEMES = ["light", "dark"] as const;
const WIDTHS = [320, 768, 1440] as const;
/** A change must be seen within this; the console's budget is a second at the 95th percentile. */
const SEEN_MS = 3_000;
const MI = 2 ** 20;
const READY: Partial<ResourceStatus> = {
  lifecycle: "Live",
  health: "Healthy",
  traffic: "Serving",
  replicas: { ready: 1, starting: 0, wanted: 1 },
  memory: { capacityBytes: 4096 * MI, usedBytes: 1024 * MI },
};

describe.skipIf(noBrowser !== null)(
  `servers and activity in a browser${noBrowser === null ? "" : ` (${noBrowser})`}`,
  () => {
    let database: TestDatabase;
    let console: TestConsole;
    let browser: Browser;
    let context: BrowserContext;

    beforeAll(async () => {
      database = await testDatabase();
      console = await startTestConsole({ databaseUrl: database.url, ui: true, gatewayUrl: "http://127.0.0.1:7080" });
      browser = await openBrowser();
      mkdirSync(SCREENSHOTS, { recursive: true });
    });
    afterAll(async () => {
      await browser?.close();
      await console?.stop();
      await database?.close();
    });
    beforeEach(async () => {
      context = await browser.newContext();
      onTestFinished(() => context.close());
    });

    async function apply(kind: "Deployment" | "Server", group: string, name: string, spec: object): Promise<string> {
      const manifest = JSON.stringify({ apiVersion: "slipway.dev/v1", kind, metadata: { name, group }, spec });
      const { status, body } = await console.api("POST", "/apply", { manifest });
      expect(status).toBe(200);
      const { results } = z.object({ results: z.array(z.object({ resource: resourceView })) }).parse(body);
      return results[0]?.resource.metadata.uid ?? "";
    }

    function deploy(group: string, name: string): Promise<string> {
      return apply("Deployment", group, name, { variants: [{ model: { uri: `file:///models/${name}/model.onnx` } }] });
    }

    async function signIn(on: BrowserContext = context): Promise<Page> {
      const page = await on.newPage();
      const { body } = await console.api("POST", "/login-links", {});
      await page.goto(z.object({ url: z.string() }).parse(body).url);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "Deployments" }).waitFor();
      return page;
    }

    const entries = (page: Page) => page.getByRole("list", { name: "Activity" }).getByRole("listitem");

    const rowOf = (page: Page, key: string) => page.locator(`tr[data-name="${key}"]`);

    test("the platform's servers and the group's own stand with what they can load, hold and lack, and live", async () => {
      const group = "fleet";
      const shared = await apply("Server", "platform", "shared", { capabilities: ["onnx", "onnx-int8"] });
      await apply("Server", "elsewhere", "hidden", {});
      await writeTestStatus(database.db, shared, READY);
      const page = await signIn();
      await page.goto(`${console.url}/servers?group=${group}`);
      const row = rowOf(page, "platform/shared");
      for (const text of ["onnx, onnx-int8", "1 GiB of 4 GiB", "25 % used", "Live", "Healthy", "Serving"]) {
        await row.getByText(text).waitFor();
      }
      await page.getByText("Up to date").waitFor();
      expect(await rowOf(page, "elsewhere/hidden").count()).toBe(0);
      const own = await apply("Server", group, "own", {});
      await rowOf(page, `${group}/own`).waitFor({ timeout: SEEN_MS });
      await apply("Server", "elsewhere", "hidden-too", {});
      await writeTestStatus(database.db, own, { ...READY, health: "Degraded", message: "Replica 0 does not answer." });
      await rowOf(page, `${group}/own`).getByText("Replica 0 does not answer.").waitFor({ timeout: SEEN_MS });
      expect(await rowOf(page, "elsewhere/hidden-too").count()).toBe(0);
    });

    test("a server is scaled in place by keyboard, and every open page sees it", async () => {
      const group = "scaled";
      await apply("Server", group, "onnx", {});
      const page = await signIn();
      const other = await context.newPage();
      for (const one of [page, other]) {
        await one.goto(`${console.url}/servers?group=${group}`);
        await one.getByText("Up to date").waitFor();
      }
      await page.getByRole("spinbutton", { name: "Replicas of onnx" }).fill("3");
      await page.keyboard.press("Enter");
      await rowOf(page, `${group}/onnx`).getByText("Asked for: 3").waitFor();
      await rowOf(other, `${group}/onnx`).getByText("0/3").waitFor({ timeout: SEEN_MS });
      const { body } = await console.api("GET", `/servers/onnx?group=${group}`);
      expect(resourceView.parse(body).spec.replicas).toBe(3);
    });

    test("a server that somebody else changed meanwhile is not overwritten: the API says so, and what was typed stays", async () => {
      const group = "contested";
      await apply("Server", group, "onnx", {});
      const page = await signIn();
      await page.goto(`${console.url}/servers?group=${group}`);
      await page.getByText("Up to date").waitFor();
      const row = rowOf(page, `${group}/onnx`);
      const field = row.getByRole("spinbutton");
      await field.fill("5");
      await console.api("POST", `/servers/onnx/scale?group=${group}`, { replicas: 2 });
      await row.getByText("0/2").waitFor({ timeout: SEEN_MS });
      await row.getByRole("button", { name: "Scale onnx" }).click();
      await row.getByText("was changed by somebody else").waitFor();
      expect(await field.inputValue()).toBe("5");
      await row.getByRole("button", { name: "Scale onnx" }).click();
      await row.getByText("0/5").waitFor();
    });

    test("neither page asks for a schema library or breaks the policy of its scripts", async () => {
      const page = await signIn();
      const faults: string[] = [];
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      page.on("pageerror", (error) => faults.push(error.message));
      await page.goto(`${console.url}/servers`);
      const texts = await readScripts(page, () => page.getByText("Up to date").waitFor());
      await page.goto(`${console.url}/activity?group=*`);
      texts.push(...(await readScripts(page, () => entries(page).first().waitFor())));
      expect(texts.length).toBeGreaterThan(4);
      for (const text of texts) expect(text).not.toContain("ZodError");
      expect(faults).toEqual([]);
    });

    test("activity says who did what to which object and why, and unfolds each field before and after", async () => {
      const group = "told";
      await deploy(group, "iris");
      await console.api("POST", `/deployments/iris/scale?group=${group}`, { replicas: 3, message: "more callers" });
      const page = await signIn();
      await page.goto(`${console.url}/deployments?group=${group}`);
      await page.getByRole("link", { name: "Activity" }).click();
      await page.waitForURL(`**/activity?group=${group}`);
      const newest = entries(page).first();
      await newest.getByText("more callers").waitFor();
      expect(await newest.textContent()).toContain("local-admin scaled deployment iris");
      expect(await newest.getByText("spec.scaling.replicas").isVisible()).toBe(false);
      await newest.getByText("1 field").focus();
      await page.keyboard.press("Enter");
      await newest.getByText("spec.scaling.replicas").waitFor();
      expect(await page.getByRole("link", { name: "Activity" }).getAttribute("aria-current")).toBe("page");
    });

    test("activity is narrowed by filters that stand in the address, and pages lead to the oldest entry", async () => {
      const group = "narrowed";
      await deploy(group, "iris");
      for (let n = 0; n < 52; n += 1) await deploy(group, `model-${n}`);
      const page = await signIn();
      await page.goto(`${console.url}/activity?group=${group}`);
      await page.getByRole("link", { name: "Older" }).waitFor();
      expect(await entries(page).count()).toBe(50);
      await page.getByRole("link", { name: "Older" }).click();
      await page.getByRole("link", { name: "Newest" }).waitFor();
      expect(await entries(page).count()).toBe(3);
      await entries(page).last().getByRole("link", { name: "iris" }).click();
      await page.waitForURL((url) => url.searchParams.get("name") === "iris" && !url.searchParams.has("after"));
      await page.reload();
      await entries(page).first().waitFor();
      expect(await page.getByLabel("Name of the object").inputValue()).toBe("iris");
      expect(await entries(page).count()).toBe(1);
      await page.getByLabel("Kind").selectOption("Server");
      await page.getByRole("button", { name: "Show" }).click();
      await page.getByText("Nothing matches these filters").waitFor();
      await page.getByRole("link", { name: "Clear the filters" }).click();
      await page.waitForURL((url) => url.search === `?group=${group}`);
      await page.getByLabel("Who").fill("local-admin");
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.searchParams.get("actor") === "local-admin");
    });

    test("an address that asks for nothing sensible is answered in the API's words, with a way out", async () => {
      await deploy("default", "iris");
      const page = await signIn();
      await page.goto(`${console.url}/activity?kind=widget`);
      await page.getByText("kind must be one of").waitFor();
      await page.getByRole("link", { name: "Show all activity" }).click();
      await entries(page).first().waitFor();
    });

    test.for(SCHEMES.flatMap((scheme) => WIDTHS.map((width) => [scheme, width] as const)))(
      "axe finds nothing and nothing overflows: %s, %i pixels wide",
      async ([scheme, width]) => {
        const group = "looks";
        await deploy(group, "fraud-detection-card-payments");
        await console.api("POST", `/deployments/fraud-detection-card-payments/scale?group=${group}`, {
          replicas: width,
          message: "The sale begins on Monday, and callers come from both regions then.",
        });
        await apply("Server", group, "a-server-with-a-rather-long-name", {
          replicas: 4,
          capabilities: ["onnx", "int8"],
        });
        const crowded = await apply("Server", group, "crowded", { replicas: 3 });
        await writeTestStatus(database.db, crowded, {
          ...READY,
          lifecycle: "Updating",
          health: "Degraded",
          traffic: "Partial",
          replicas: { ready: 1, starting: 1, wanted: 3 },
          memory: { capacityBytes: 4096 * MI, usedBytes: 4000 * MI },
          message:
            "1 of 3 replicas is ready: replica 2 ended by itself twice; look at its log with: slipway logs server crowded",
        });
        const drawn = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 } });
        onTestFinished(() => drawn.close());
        const page = await signIn(drawn);
        const routes: [name: string, path: string, text: string][] = [
          ["servers", `/servers?group=${group}`, "Up to date"],
          ["activity", `/activity?group=${group}`, "The sale begins"],
          ["activity-none", "/activity?group=nobody", "Nothing was done here yet"],
          ["activity-no-match", `/activity?group=${group}&name=zzz`, "Nothing matches these filters"],
          ["activity-refused", "/activity?kind=widget", "kind must be one of"],
        ];
        for (const [name, path, text] of routes) {
          await page.goto(console.url + path);
          await page.getByText(text).first().waitFor();
          const folded = page.locator("summary");
          if ((await folded.count()) > 0) await folded.first().click();
          await page.screenshot({ path: `${SCREENSHOTS}${name}-${scheme}-${width}.png`, fullPage: true });
          expect(await findViolations(page), name).toEqual([]);
          expect(await sidewaysOverflow(page), name).toBe(0);
        }
      },
    );
  },
);
