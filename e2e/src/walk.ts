import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type ResourceStatus, resourceView } from "@slipway/contracts";
import {
  startTestConsole,
  startTestPlatform,
  type TestConsole,
  type TestDatabase,
  type TestPlatform,
  type TestPlatformOptions,
  testDatabase,
  writeTestStatus,
} from "@slipway/testkit";
import { noBrowser, openBrowser } from "@slipway/testkit/browser";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { describe, expect, onTestFinished } from "vitest";
import * as z from "zod";
import { findViolations, readScripts, sidewaysOverflow } from "./browser.ts";
import { type PageFaults, watchFaults } from "./page-faults.ts";

/** A change of state is seen within this, on however busy a machine; how soon it is on a quiet one, the bench says. */
export const SEEN_MS = 20_000;

/** What the scheduler says of a deployment that serves. */
export const LIVE_STATUS = {
  lifecycle: "Live",
  health: "Healthy",
  traffic: "Serving",
  observedGeneration: 1,
  servingGeneration: 1,
  replicas: { ready: 1, starting: 0, wanted: 1 },
} satisfies Partial<ResourceStatus>;

const SCREENSHOTS = fileURLToPath(new URL("../../screenshots/", import.meta.url));
/** Compressed script of a route before anybody does anything. */
const ROUTE_SCRIPT_BYTES = 220 * 1024;
/** More controls than any page has before the one that is looked for. */
const TAB_LIMIT = 150;
/** What the API answers, as it should, where it has to ask a scheduler and there is none. */
const NO_SCHEDULER = /status of 503 .*\/api\//;
const SCHEMES = ["light", "dark"] as const;
const WIDTHS = [320, 768, 1440] as const;
const HEIGHT = 900;

/** What every walk has. Pages are made inside a test, and end with it; the test fails when one of them had a fault. */
export type Walk = {
  /** Where the console is. */
  readonly url: string;
  readonly browser: Browser;
  /** A person's browser of their own, with its cookies, that may use the clipboard. */
  openContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A signed-in page that hears what is pressed, in a context of its own unless one is given. */
  signIn(context?: BrowserContext): Promise<Page>;
  /** A fresh sign-in link, good for once. */
  signInLink(): Promise<string>;
  /** Faults that match are expected in this context from now on. */
  tolerate(context: BrowserContext, pattern: RegExp): void;
  close(): Promise<void>;
};

/** The real platform as `npm start` runs it: its demo, its console with pages, its models and its gateway. */
export type PlatformWalk = Walk & { readonly platform: TestPlatform };

/** A console with pages on a database alone: no scheduler answers, so a test says what a status would be. */
export type ConsoleWalk = Walk & {
  readonly console: TestConsole;
  readonly database: TestDatabase;
  /** Applies one manifest and answers the uid. */
  apply(kind: "Deployment" | "Server", metadata: Metadata, spec?: object): Promise<string>;
  /** Applies a deployment of one model and answers its uid. */
  deploy(metadata: Metadata, spec?: object): Promise<string>;
  /** Says of a resource what its scheduler would. */
  say(uid: string, status: Partial<ResourceStatus>): Promise<void>;
};

type Metadata = { name: string; group: string; title?: string; labels?: Record<string, string> };

/** Describes tests that drive a browser; where there is none they are skipped, and the report says why. */
export function describeInBrowser(name: string, tests: () => void): void {
  describe.skipIf(noBrowser !== null)(noBrowser === null ? name : `${name} (${noBrowser})`, tests);
}

/** Starts a platform with its demo and pages, and a browser. Call in beforeAll, and `close` it in afterAll. */
export async function startWalk(options: TestPlatformOptions = {}): Promise<PlatformWalk> {
  const platform = await startTestPlatform({ demo: true, consoleUi: true, ...options });
  const walk = await walkIn(platform.info.consoleUrl, platform.api, platform.stop);
  return { ...walk, platform };
}

/** Starts a console with pages on a database of its own, and a browser. */
export async function startConsoleWalk(gatewayUrl = "http://127.0.0.1:7080"): Promise<ConsoleWalk> {
  const database = await testDatabase();
  const console = await startTestConsole({ databaseUrl: database.url, ui: true, gatewayUrl });
  const stop = async () => {
    await console.stop();
    await database.close();
  };
  const walk = await walkIn(console.url, console.api, stop, NO_SCHEDULER);

  async function apply(kind: string, metadata: Metadata, spec: object = {}): Promise<string> {
    const manifest = JSON.stringify({ apiVersion: "slipway.dev/v1", kind, metadata, spec });
    const { status, body } = await console.api("POST", "/apply", { manifest });
    if (status !== 200) throw new Error(`applying ${metadata.name} was refused: ${JSON.stringify(body)}`);
    const { results } = z.object({ results: z.array(z.object({ resource: resourceView })) }).parse(body);
    return results[0]?.resource.metadata.uid ?? "";
  }

  return {
    ...walk,
    console,
    database,
    apply,
    deploy: (metadata, spec) => {
      const variants = [{ model: { uri: `file:///models/${metadata.name}/model.onnx` } }];
      return apply("Deployment", metadata, { variants, ...spec });
    },
    say: (uid, status) => writeTestStatus(database.db, uid, status),
  };
}

async function walkIn(
  url: string,
  api: TestConsole["api"],
  stop: () => Promise<void>,
  expected?: RegExp,
): Promise<Walk> {
  const browser = await openBrowser();
  const faultsOf = new WeakMap<BrowserContext, PageFaults>();
  mkdirSync(SCREENSHOTS, { recursive: true });

  async function openContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"], ...options });
    const faults = watchFaults(context);
    faultsOf.set(context, faults);
    if (expected !== undefined) faults.tolerate(expected);
    onTestFinished(async () => {
      await context.close();
      expect(faults.seen, "faults of the pages").toEqual([]);
    });
    return context;
  }

  async function signInLink(): Promise<string> {
    const { body } = await api("POST", "/login-links", {});
    return z.object({ url: z.string() }).parse(body).url;
  }

  return {
    url,
    browser,
    openContext,
    signInLink,
    async signIn(given) {
      const context = given ?? (await openContext());
      const page = await context.newPage();
      await page.goto(await signInLink());
      await page.getByRole("button", { name: "Sign in" }).click();
      await isAlive(page);
      return page;
    },
    tolerate: (context, pattern) => faultsOf.get(context)?.tolerate(pattern),
    async close() {
      await browser.close();
      await stop();
    },
  };
}

/** The page's own script runs and hears of changes: what is pressed or typed from here on is heard. */
export function isAlive(page: Page): Promise<void> {
  return page.getByText("Up to date").waitFor();
}

/** The line of a table that a name, or `group/name`, stands for. */
export function rowOf(page: Page, key: string): Locator {
  return page.locator(`tr[data-name="${key}"]`);
}

type Role = Parameters<Page["getByRole"]>[0];

/** Presses Tab until the named control has the focus, none if it has it already; fails when no Tab leads there. */
export async function tabTo(page: Page, role: Role, name: string | RegExp): Promise<void> {
  const focused = page.getByRole(role, { name, exact: typeof name === "string" }).and(page.locator(":focus"));
  for (let presses = 0; presses <= TAB_LIMIT; presses += 1) {
    if ((await focused.count()) > 0) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${TAB_LIMIT} Tabs never reach the ${role} ${name} on ${page.url()}`);
}

/** Goes to a control by Tab and presses a key there; by keyboard alone, as a person does it. */
export async function pressOn(page: Page, role: Role, name: string | RegExp, key = "Enter"): Promise<void> {
  await tabTo(page, role, name);
  await page.keyboard.press(key);
}

/** Goes to a field by Tab and types into it, in place of what stood there. */
export async function typeOn(page: Page, role: Role, name: string | RegExp, text: string): Promise<void> {
  await tabTo(page, role, name);
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(text);
}

/**
 * Promises that a page as it stands is good to look at in light and dark at every width: axe finds nothing, and nothing
 * overflows sideways. Takes a picture of each into screenshots/. The page comes back as it was.
 */
export async function expectGoodLooks(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    for (const scheme of SCHEMES) {
      // A colour on its way to another, or a bar over what was scrolled behind it, is nothing that stays.
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.evaluate("window.scrollTo(0, 0)");
      const look = `${name}-${scheme}-${width}`;
      await page.screenshot({ path: `${SCREENSHOTS}${look}.png`, fullPage: true });
      // Only colours differ between the schemes.
      expect(await findViolations(page, scheme === "light" ? "everything" : "colours"), look).toEqual([]);
    }
    expect(await sidewaysOverflow(page), `${name}-${width}`).toBe(0);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (before !== null) await page.setViewportSize(before);
}

/** Promises that a page, loaded anew, asks for no more script than a route may, and for no schema library. */
export async function expectSlimScripts(page: Page): Promise<void> {
  const texts = await readScripts(page, () => isAlive(page));
  const total = texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThan(ROUTE_SCRIPT_BYTES);
  for (const text of texts) expect(text).not.toContain("ZodError");
}

/** What a page copied last. */
export async function readClipboard(page: Page): Promise<string> {
  return z.string().parse(await page.evaluate("navigator.clipboard.readText()"));
}
