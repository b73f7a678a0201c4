import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modelFile } from "../examples.ts";
import { describeInBrowser, isAlive, type PlatformWalk, pressOn, startWalk, tabTo, typeOn } from "../walk.ts";

/** A load on a busy machine takes its time. */
const LIVE_MS = 60_000;

describeInBrowser("seeing why a deployment is stuck, and mending it", () => {
  let walk: PlatformWalk;
  beforeAll(async () => {
    walk = await startWalk();
  });
  afterAll(() => walk?.close());

  async function deploy(name: string, spec: object): Promise<void> {
    const manifest = { apiVersion: "slipway.dev/v1", kind: "Deployment", metadata: { name }, spec };
    const { status } = await walk.platform.api("POST", "/apply", { manifest: JSON.stringify(manifest) });
    expect(status).toBe(200);
  }

  async function open(name: string): Promise<Page> {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/${name}`);
    await isAlive(page);
    return page;
  }

  test("with the mouse: a wrong address is named, and mended in the form until it is live", async () => {
    const right = pathToFileURL(modelFile("iris")).href;
    await deploy("astray", { variants: [{ model: { uri: right.replace("model.onnx", "modle.onnx") } }] });
    const page = await open("astray");
    await page
      .getByText(/There is no model at .*modle\.onnx/)
      .first()
      .waitFor({ timeout: LIVE_MS });
    await page.getByRole("link", { name: "Edit", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Edit astray" }).waitFor();
    await isAlive(page);
    await page.getByText(/There is no model at .*modle\.onnx/).waitFor();
    await page.getByLabel("Address of the model").fill(right);
    await page.getByText("It can be read").waitFor();
    await page.getByRole("button", { name: "Review" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("The new model is loaded beside the one that serves").waitFor();
    await dialog.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("heading", { level: 1, name: "astray", exact: true }).waitFor();
    await page.getByText("One replica answers requests.").waitFor({ timeout: LIVE_MS });
  });

  test("by keyboard alone: too much memory is named, and mended until it is live", async () => {
    await deploy("greedy", {
      variants: [{ model: { uri: pathToFileURL(modelFile("iris")).href } }],
      resources: { memory: "900Gi" },
    });
    const page = await open("greedy");
    await page
      .getByText(/Needs 900 GiB, more than/)
      .first()
      .waitFor({ timeout: LIVE_MS });
    await pressOn(page, "link", "Edit");
    await page.getByRole("heading", { level: 1, name: "Edit greedy" }).waitFor();
    await isAlive(page);
    await typeOn(page, "textbox", "Memory per replica", "200Mi");
    await page.getByRole("heading", { name: "1 pending change" }).waitFor();
    await pressOn(page, "button", "Review");
    await page.getByRole("list", { name: "What changes" }).getByText("spec.resources.memory").waitFor();
    await tabTo(page, "textbox", "Why (optional)");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "greedy", exact: true }).waitFor();
    await page.getByText("One replica answers requests.").waitFor({ timeout: LIVE_MS });
  });
});
