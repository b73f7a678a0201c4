import { until } from "@slipway/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ConsoleWalk,
  describeInBrowser,
  expectGoodLooks,
  isAlive,
  readClipboard,
  startConsoleWalk,
} from "./walk.ts";

describeInBrowser("palette and shortcuts of the console in a browser", () => {
  let walk: ConsoleWalk;
  beforeAll(async () => {
    walk = await startConsoleWalk();
  });
  afterAll(() => walk?.close());

  const palette = (page: Page) => page.getByRole("dialog", { name: "Search and do anything" });
  const marked = (page: Page) => palette(page).locator('[role=option][aria-selected="true"]');

  async function openList(group: string): Promise<Page> {
    await walk.deploy({ name: "iris", group, title: "Iris classifier" });
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments?group=${group}`);
    await isAlive(page);
    return page;
  }

  test("by keyboard alone the palette finds a deployment, opens it, and scales it in its dialog", async () => {
    const page = await openList("palette");
    await page.keyboard.press("ControlOrMeta+k");
    const field = palette(page).getByRole("combobox");
    await field.waitFor();
    await page.keyboard.type("iri");
    await until(async () => (await marked(page).textContent()) === "irisIris classifier");
    expect(await field.getAttribute("aria-activedescendant")).toBe(await marked(page).getAttribute("id"));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Iris classifier" }).waitFor();
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("scale iris");
    await until(async () => (await marked(page).textContent())?.startsWith("Scale iris…") === true);
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Scale iris" });
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(new URL(page.url()).pathname).toBe("/deployments/iris");
    expect(new URL(page.url()).searchParams.get("do")).toBeNull();
  });

  test("the palette goes up and down, copies, says when it finds nothing, and gives the focus back", async () => {
    const page = await openList("palette-copy");
    const help = page.getByRole("button", { name: "Help" });
    await help.focus();
    await page.keyboard.press("ControlOrMeta+k");
    await palette(page).getByRole("combobox").waitFor();
    await page.keyboard.type("zzz zzz");
    await palette(page).getByText("Nothing is found.").waitFor();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("copy iris");
    await until(async () => (await marked(page).textContent())?.startsWith("Copy the URL of iris") === true);
    await page.keyboard.press("Escape");
    await palette(page).waitFor({ state: "detached" });
    expect(await help.and(page.locator(":focus")).count()).toBe(1);
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("theme");
    await until(async () => (await marked(page).textContent()) === "Theme: system");
    await page.keyboard.press("ArrowUp");
    await until(async () => (await marked(page).textContent()) === "Theme: dark");
    await page.keyboard.press("Enter");
    await until(async () => (await page.locator("html").getAttribute("data-theme")) === "dark");
    await page.getByRole("button", { name: /^Search/ }).click();
    await palette(page).getByRole("combobox").fill("copy iris");
    await palette(page)
      .getByRole("option", { name: /Copy the URL/ })
      .click();
    await page.getByText("The URL of iris is copied.").waitFor();
    expect(await readClipboard(page)).toBe("http://127.0.0.1:7080/serve/palette-copy/iris");
  });

  test("single keys search, navigate and help, keep the group, and are the field's own while one types", async () => {
    const page = await openList("keys");
    await page.keyboard.press("/");
    const search = page.getByRole("searchbox");
    expect(await search.and(page.locator(":focus")).count()).toBe(1);
    await page.keyboard.type("gs?/");
    expect(await search.inputValue()).toBe("gs?/");
    await search.blur();
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await page.waitForURL("**/servers?group=keys");
    await page.getByRole("heading", { level: 1, name: "Servers" }).waitFor();
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Help" });
    await help.getByText("Go to the servers").waitFor();
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "detached" });
    await page.goto(`${walk.url}/deployments/iris?group=keys`);
    await isAlive(page);
    await page.keyboard.press("Escape");
    await page.waitForURL("**/deployments?group=keys");
  });

  test("switched off, single keys do nothing at once and after a reload; Control+K still does", async () => {
    const page = await openList("keys-off");
    await page.keyboard.press("?");
    await page.getByRole("switch", { name: "Shortcuts of a single key" }).click();
    await page.keyboard.press("Escape");
    for (const when of ["at once", "after a reload"]) {
      if (when !== "at once") await page.reload();
      await isAlive(page);
      await page.keyboard.press("?");
      await page.keyboard.press("/");
      expect(await page.getByRole("dialog").count(), when).toBe(0);
      expect(await page.locator("input:focus").count(), when).toBe(0);
    }
    await page.keyboard.press("ControlOrMeta+k");
    await palette(page).waitFor();
  });

  test("axe finds nothing and nothing overflows, in light and dark at every width", async () => {
    const group = "looks";
    await walk.deploy({ name: "iris", group, title: "Iris classifier" });
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments?group=${group}`);
    await isAlive(page);
    await page.keyboard.press("ControlOrMeta+k");
    await palette(page).getByRole("combobox").fill("iris");
    await palette(page).getByText("Scale iris…").waitFor();
    await expectGoodLooks(page, "palette");
    await page.keyboard.press("Escape");
    await palette(page).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Help" }).click();
    await page.getByRole("dialog", { name: "Help" }).waitFor();
    await expectGoodLooks(page, "help");
  });
});
