import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ResourceStatus } from "@slipway/contracts";
import { scalingModel } from "@slipway/onnx-file/testing/models";
import { until } from "@slipway/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import {
  type ConsoleWalk,
  describeInBrowser,
  expectGoodLooks,
  expectSlimScripts,
  isAlive,
  readClipboard,
  startConsoleWalk,
} from "./walk.ts";

const LIVE: Partial<ResourceStatus> = {
  lifecycle: "Live",
  health: "Healthy",
  traffic: "Serving",
  replicas: { ready: 1, starting: 0, wanted: 1 },
  signature: {
    inputs: [{ name: "input", datatype: "FP32", shape: [-1, 4] }],
    outputs: [{ name: "label", datatype: "INT64", shape: [-1] }],
  },
};

describeInBrowser("the form that makes and changes deployments", () => {
  let walk: ConsoleWalk;
  beforeAll(async () => {
    walk = await startConsoleWalk();
    await walk.say(await walk.deploy({ name: "iris", group: "default", title: "Iris classifier" }), LIVE);
    await walk.deploy({ name: "digits", group: "default", title: "Digits" }, { description: "Of the post office" });
  });
  afterAll(() => walk?.close());

  async function open(page: Page, path: string): Promise<void> {
    await page.goto(`${walk.url}${path}`);
    await isAlive(page);
  }

  const read = async (name: string) => (await walk.console.api("GET", `/deployments/${name}`)).body;

  test("a model that is here is taken with its signature, and title and a free name are proposed", async () => {
    const page = await walk.signIn();
    await open(page, "/deployments");
    await page.getByRole("link", { name: "New deployment" }).click();
    await page.getByRole("heading", { level: 1, name: "New deployment" }).waitFor();
    await page.getByText("Takes input: FP32, any × 4").waitFor();
    await page.getByRole("radio", { name: /Iris classifier/ }).check();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("iris-classifier");
    await page.getByLabel("Title").fill("Iris");
    await page.getByText("There is a deployment named iris already.").waitFor();
    await page.getByRole("button", { name: "Use iris-2" }).click();
    await page.getByText("This name is free.").waitFor();
    await page.getByRole("button", { name: "Deploy" }).click();
    await page.getByRole("heading", { level: 1, name: "Iris" }).waitFor();
    expect(await read("iris-2")).toMatchObject({
      spec: { variants: [{ model: { uri: "file:///models/iris/model.onnx" } }] },
    });
  });

  test("a file is uploaded inside the form and taken, and a registered model is found, with its version", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-editor-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, "Times two.onnx"), scalingModel(2));
    const page = await walk.signIn();
    await open(page, "/deployments/-/new?group=uploads");
    await page.getByRole("radio", { name: "Upload a file" }).click();
    await page.locator("[data-file]").setInputFiles(join(folder, "Times two.onnx"));
    expect(await page.getByLabel("Name of the model").inputValue()).toBe("times-two");
    await page.getByRole("button", { name: "Upload", exact: true }).click();
    const taken = page.getByRole("radio", { name: /^times-two/ });
    await taken.waitFor();
    expect(await taken.isChecked()).toBe(true);
    await page.getByText("Takes x: FP32, any × 2").waitFor();
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("times-two");
    await expectGoodLooks(page, "new-registered");

    await open(page, "/deployments/-/new?group=uploads");
    await page.getByRole("radio", { name: "Registered" }).click();
    await page.getByLabel("Search registered models").fill("nothing");
    await page.getByText("No registered model matches “nothing”.").waitFor();
    await page.getByLabel("Search registered models").fill("tim");
    await taken.check();
    await page.getByLabel("Version", { exact: true }).waitFor();
    await page.getByText("This name is free.").waitFor();
    await page.getByRole("button", { name: "Deploy" }).click();
    await page.getByRole("heading", { level: 1, name: "times-two", exact: true }).waitFor();
    const { body } = await walk.console.api("GET", "/deployments/times-two?group=uploads");
    expect(body).toMatchObject({ spec: { variants: [{ model: { registered: { name: "times-two", version: 1 } } }] } });
  });

  test("an address says what speaks against it, and the field stays while the list of models comes late", async () => {
    const page = await walk.signIn();
    let letThrough = () => {};
    const isLate = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await page.route(/resource\.list/, async (route) => {
      await isLate;
      await route.continue();
    });
    await open(page, "/deployments/-/new");
    await page.getByRole("radio", { name: "By its address" }).click();
    await page.getByLabel("Address of the model").fill("file:///outside/model.onnx");
    await page.getByText("file:///outside/model.onnx lies outside the folders").waitFor();
    const isListed = page.waitForResponse(/resource\.list/);
    letThrough();
    await (await isListed).finished();
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    expect(await page.getByLabel("Address of the model").inputValue()).toBe("file:///outside/model.onnx");
  });

  test("a submit with problems says all of them at their fields, and the focus goes to the list of them", async () => {
    const page = await walk.signIn();
    await open(page, "/deployments/-/new?group=fresh");
    await page.getByRole("button", { name: "Deploy" }).click();
    const list = page.getByRole("alert").filter({ hasText: "2 things to mend" });
    await list.waitFor();
    await until(() => list.evaluate((element) => element === document.activeElement), {
      what: "the list has the focus",
    });
    await list.getByRole("link", { name: /^Name: / }).click();
    const name = page.getByLabel("Name", { exact: true });
    expect(await name.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.getByLabel("Memory per replica").fill("lots");
    await page.getByText('Is "lots"; must be a quantity of memory above zero').first().waitFor();
    await expectGoodLooks(page, "new-problems");
  });

  test("form and YAML are one: comments stay, errors stand at their line, unknown fields survive, the commands are the change", async () => {
    const page = await walk.signIn();
    await open(page, "/deployments/digits/edit");
    await page.getByRole("button", { name: "Show as YAML" }).click();
    const text = page.getByRole("textbox", { name: "Manifest as YAML" });
    await text.waitFor();
    await text.click();
    await page.keyboard.press("ControlOrMeta+Home");
    await page.keyboard.type("# ours\n");
    await page.getByLabel("Replicas", { exact: true }).fill("4");
    await text.getByText("replicas: 4").waitFor();
    await text.getByText("# ours").waitFor();
    await text.click();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type("  strategy: {}\n");
    await page.getByText("spec.strategy is not built yet").first().waitFor();
    await expectGoodLooks(page, "edit-yaml");
    await page.keyboard.type("  broken: [");
    await page.getByText("The YAML cannot be read, so the form waits.").waitFor();
    await page.getByRole("button", { name: "Go back to what it said last" }).click();
    expect(await page.getByLabel("Replicas", { exact: true }).inputValue()).toBe("4");
    await page.getByText("With the command line").click();
    await page.getByRole("button", { name: "Copy the command" }).click();
    const command = await readClipboard(page);
    expect(command).toContain("npx slipway apply -f - <<'MANIFEST'");
    expect(command).toContain("replicas: 4");
    // Tab leads out of the text, as the words above it say.
    await text.focus();
    await page.keyboard.press("Tab");
    expect(await text.evaluate((element) => element.contains(document.activeElement))).toBe(false);
  });

  test("opening a deployment to everybody is confirmed by its name", async () => {
    const page = await walk.signIn();
    await open(page, "/deployments/digits/edit");
    await page.getByRole("radio", { name: /^Public/ }).click();
    const dialog = page.getByRole("dialog", { name: "Open digits to everybody?" });
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect(await page.getByRole("radio", { name: /^Private/ }).isChecked()).toBe(true);
    await page.getByRole("radio", { name: /^Public/ }).click();
    await dialog.getByRole("button", { name: "Make digits public" }).click();
    await page.getByRole("heading", { name: "1 pending change" }).waitFor();
  });

  test("the fields that cannot change say why, a clone begins with all but the name, and what is not there is told", async () => {
    const page = await walk.signIn();
    await open(page, "/deployments/digits/edit");
    expect(await page.getByLabel("Name", { exact: true }).isDisabled()).toBe(true);
    await page.getByText("The name stands in its address").waitFor();
    await open(page, "/deployments/-/new?clone=digits");
    await page.getByRole("heading", { level: 1, name: "New deployment like digits" }).waitFor();
    expect(await page.getByLabel("Description").inputValue()).toBe("Of the post office");
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("");
    await page.goto(`${walk.url}/deployments/nothing/edit`);
    await page.getByRole("heading", { name: "There is no deployment nothing in group default" }).waitFor();
  });

  test("axe finds nothing on either form and nothing overflows, in light and dark at every width", async () => {
    const page = await walk.signIn();
    await open(page, "/deployments/-/new");
    await page.getByText("Takes input").waitFor();
    await expectGoodLooks(page, "new");
    await open(page, "/deployments/iris/edit");
    await page.getByLabel("Replicas", { exact: true }).fill("3");
    await page.getByLabel("Longest request").fill("never");
    await page.getByText('Is "never"; must be a duration').first().waitFor();
    await expectGoodLooks(page, "edit");
  });

  test("neither form asks for more script than a route may, nor for the schema library", async () => {
    const page = await walk.signIn();
    await open(page, "/deployments/-/new");
    await expectSlimScripts(page);
    await open(page, "/deployments/iris/edit");
    await expectSlimScripts(page);
  });
});
