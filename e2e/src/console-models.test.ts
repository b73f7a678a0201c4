import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modelVersionView } from "@slipway/contracts";
import { scalingModel } from "@slipway/onnx-file/testing/models";
import { dataDirLayout } from "@slipway/service-kit";
import type { Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import {
  type ConsoleWalk,
  describeInBrowser,
  expectGoodLooks,
  pressOn,
  rowOf,
  SEEN_MS,
  startConsoleWalk,
  tabTo,
  typeOn,
} from "./walk.ts";

const credentials = z.object({ token: z.string() });

describeInBrowser("the pages of registered models", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-models-"));
  let walk: ConsoleWalk;
  const file = (name: string) => join(folder, name);

  beforeAll(async () => {
    walk = await startConsoleWalk();
    for (const factor of [2, 3, 4]) writeFileSync(file(`times-${factor}.onnx`), scalingModel(factor));
    writeFileSync(file("Text.onnx"), "this is not a model");
  });
  afterAll(async () => {
    await walk?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (page: Page, path: string, heading: string | RegExp) => {
    await page.goto(`${walk.url}${path}`);
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    // Until the page's script runs, nothing that is pressed is heard.
    await page.getByText(/^(Up to date|Connected)$/).waitFor();
  };
  /** Uploads as the command line does. */
  const push = async (name: string, factor: number, alias = "") => {
    const { token } = credentials.parse(
      JSON.parse(readFileSync(dataDirLayout(walk.console.dataDir).credentials, "utf8")),
    );
    const query = alias === "" ? "" : `?alias=${alias}`;
    const response = await fetch(`${walk.url}/api/v1/registry/models/${name}/versions${query}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}` },
      body: new Uint8Array(scalingModel(factor)),
    });
    return modelVersionView.parse(await response.json());
  };

  test("the first model: the empty page takes a file by its button, and refuses in words what is no model", async () => {
    const page = await walk.signIn();
    await open(page, "/models", "Models");
    await page.getByRole("heading", { name: "No model is registered here yet" }).waitFor();
    await expectGoodLooks(page, "models-empty");
    await page.locator("[data-file]").setInputFiles(file("Text.onnx"));
    await page.getByLabel("Name of the model").fill("times");
    await page.getByRole("button", { name: "Upload", exact: true }).click();
    await page.getByRole("alert").getByText("not an ONNX model").waitFor();
    await expectGoodLooks(page, "models-refused");
    await page.locator("[data-file]").setInputFiles(file("times-2.onnx"));
    await page.getByLabel("Name of the model").fill("times");
    await page.getByRole("button", { name: /Upload|Try again/ }).click();
    await page.getByText("Version 1 of times is there.").waitFor();
    await page.waitForURL("**/models/times");
    await page.getByRole("link", { name: "Version 1", exact: true }).click();
    await page.getByRole("heading", { name: "times version 1" }).waitFor();
    await page.getByRole("row", { name: "takes x FP32 [any, 2]" }).waitFor();
    await page.getByText("Made from the signature", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Give a sample" }).click();
    const editor = page.getByRole("textbox", { name: "Request as JSON" });
    const typed = await editor.inputValue();
    await editor.fill(typed.replace("[1, 2]", "[1, 3]"));
    await page.getByRole("button", { name: "Save the sample" }).click();
    await page.getByText(/Line \d+, column \d+: Input x has/).waitFor();
    await editor.fill(typed);
    await page.getByRole("button", { name: "Save the sample" }).click();
    await page.getByText("Given by a person", { exact: false }).waitFor();
    const deploy = page.getByRole("link", { name: "Deploy", exact: true });
    expect(await deploy.getAttribute("href")).toBe("/deployments/-/new?model=times&version=1");
  });

  test("a file is dropped, and an alias is made, moved and taken away, by keyboard where that is possible", async () => {
    await push("drops", 2);
    const page = await walk.signIn();
    await open(page, "/models/drops", "drops");
    await pressOn(page, "button", "Upload a version");
    const bytes = [...scalingModel(3)];
    const transfer = await page.evaluateHandle((content) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(content)], "times-3.onnx"));
      return data;
    }, bytes);
    await page.locator("[data-dropzone]").dispatchEvent("drop", { dataTransfer: transfer });
    await page.getByText("Version 2 of drops is there.").waitFor();
    await rowOf(page, "v2").waitFor();

    await pressOn(page, "button", "New alias");
    await page.keyboard.type("live");
    await typeOn(page, "textbox", "Version", "1");
    await page.keyboard.press("Enter");
    await page.getByText("stands for version 1", { exact: true }).waitFor();
    await pressOn(page, "button", "Move alias live");
    await typeOn(page, "textbox", "Version", "9");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("drops has no version 9.").waitFor();
    await typeOn(page, "textbox", "Version", "2");
    await page.keyboard.press("Enter");
    await page.getByText("stands for version 2", { exact: true }).waitFor();
    await rowOf(page, "v2").getByText("live").waitFor();
    await pressOn(page, "button", "Remove alias live");
    await page.locator('[data-alias="live"]').waitFor({ state: "detached" });
  });

  test("what one person does to a model, another sees on every page without reading it again, and what they type stays", async () => {
    await push("shared", 2, "live");
    const one = await walk.signIn();
    const other = await walk.signIn(await walk.openContext());
    const second = await other.context().newPage();
    await open(one, "/models/shared", "shared");
    await open(other, "/models", "Models");
    await open(second, "/models/shared", "shared");
    await second.getByRole("button", { name: "Describe it the description" }).click();
    await second.getByLabel("What it is for").fill("Half a sent");

    await push("shared", 3);
    const list = rowOf(other, "default/shared");
    await list.getByText("v2", { exact: true }).waitFor({ timeout: SEEN_MS });
    await rowOf(second, "v2").waitFor({ timeout: SEEN_MS });
    await one.getByRole("button", { name: "Move alias live", exact: true }).click();
    await one.getByRole("button", { name: "Move", exact: true }).click();
    await list.getByText("live v2").waitFor({ timeout: SEEN_MS });
    await second.getByText("stands for version 2", { exact: true }).waitFor({ timeout: SEEN_MS });
    const variants = [{ model: { registered: { name: "shared", version: 1 } } }];
    await walk.apply("Deployment", { name: "user-of-shared", group: "default" }, { variants });
    await list.getByRole("link", { name: "user-of-shared" }).waitFor({ timeout: SEEN_MS });
    expect(await second.getByLabel("What it is for").inputValue()).toBe("Half a sent");

    await push("short-lived", 4);
    await rowOf(other, "default/short-lived").waitFor({ timeout: SEEN_MS });
    await second.goto(`${walk.url}/models/short-lived/versions/1`);
    await second.getByText("Up to date").waitFor();
    await walk.console.api("DELETE", "/registry/models/short-lived?group=default");
    await rowOf(other, "default/short-lived").waitFor({ state: "detached", timeout: SEEN_MS });
    await second.getByRole("heading", { name: "Version 1 of short-lived was deleted" }).waitFor({ timeout: SEEN_MS });
  });

  test("an upload is cancelled, and one that is cut says so and keeps what was chosen", async () => {
    await push("cuts", 2);
    const context = await walk.openContext();
    walk.tolerate(context, /versions\?/);
    const page = await walk.signIn(context);
    await open(page, "/models/cuts", "cuts");
    await page.getByRole("button", { name: "Upload a version" }).click();
    // An answer that never comes leaves time to cancel.
    const held: Route[] = [];
    await page.route("**/registry/models/cuts/versions**", (route) => void held.push(route));
    await page.locator("[data-file]").setInputFiles(file("times-3.onnx"));
    await page.getByRole("progressbar", { name: "Upload of times-3.onnx" }).waitFor();
    await expect.poll(() => held.length).toBe(1);
    await page.screenshot({ path: "screenshots/models-upload.png" });
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Choose another file" }).waitFor();
    await page.getByRole("button", { name: "Upload", exact: true }).click();
    await expect.poll(() => held.length).toBe(2);
    await held[1]?.abort("connectionreset");
    await page.getByRole("alert").getByText("The upload was cut off").waitFor();
    await page.unroute("**/registry/models/cuts/versions**");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Version 2 of cuts is there.").waitFor();
  });

  test("what is used is not deleted, and the dialog says by what; an unused version goes", async () => {
    await push("kept", 2, "live");
    await push("kept", 3);
    const variants = [{ model: { registered: { name: "kept", alias: "live" } } }];
    await walk.apply("Deployment", { name: "user-of-kept", group: "default" }, { variants });
    const context = await walk.openContext();
    walk.tolerate(context, /status of 409/);
    const page = await walk.signIn(context);
    await open(page, "/models/kept", "kept");
    await page.getByRole("link", { name: "user-of-kept" }).first().waitFor();
    await pressOn(page, "button", "Delete");
    await page.keyboard.type("kept");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("used by deployment user-of-kept").waitFor();
    await page.keyboard.press("Escape");
    await open(page, "/models/kept/versions/2", "kept version 2");
    await page.getByRole("button", { name: "Delete" }).click();
    await tabTo(page, "button", "Delete");
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.waitForURL("**/models/kept");
    await rowOf(page, "v2").waitFor({ state: "detached" });
  });

  test("a file that is too large is refused before it is sent", async () => {
    await push("large", 2);
    const page = await walk.signIn();
    await open(page, "/models/large", "large");
    await page.getByRole("button", { name: "Upload a version" }).click();
    await page.route("**/api/trpc/registry.limits**", (route) =>
      route.fulfill({ json: [{ result: { data: { modelMaxBytes: 100 } } }] }),
    );
    await page.locator("[data-file]").setInputFiles(file("times-3.onnx"));
    await page.getByRole("alert").getByText("times-3.onnx has 118 bytes; an upload takes at most 100 bytes.").waitFor();
  });

  test("the search finds by name, and what is not there is said", async () => {
    await push("needle", 2);
    const page = await walk.signIn();
    await open(page, "/models", "Models");
    await page.getByRole("searchbox", { name: "Search models" }).fill("needl");
    await page.waitForURL("**/models?search=needl");
    await expect.poll(() => page.getByRole("row").count()).toBe(2);
    await page.getByRole("searchbox", { name: "Search models" }).fill("haystack");
    await page.getByRole("heading", { name: "No model matches “haystack”" }).waitFor();
    await page.getByRole("link", { name: "Clear the search" }).click();
    await rowOf(page, "default/needle").waitFor();
    await open(page, "/models/absent", "There is no model absent in group default");
    await open(page, "/models/needle/versions/7", "There is no version 7 of needle in group default");
  });
});
