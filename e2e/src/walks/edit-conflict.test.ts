import { resourceView, revisionView } from "@slipway/contracts";
import { until } from "@slipway/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import {
  type ConsoleWalk,
  describeInBrowser,
  expectGoodLooks,
  isAlive,
  pressOn,
  startConsoleWalk,
  tabTo,
  typeOn,
} from "../walk.ts";

const PRODUCTION = { environment: "production", scaling: { replicas: 1 }, limits: { timeout: "30s" } };

describeInBrowser("two people edit one deployment", () => {
  let walk: ConsoleWalk;
  beforeAll(async () => {
    walk = await startConsoleWalk();
  });
  afterAll(() => walk?.close());

  async function read(group: string) {
    return resourceView.parse((await walk.console.api("GET", `/deployments/iris?group=${group}`)).body);
  }

  async function messages(group: string): Promise<string[]> {
    const { body } = await walk.console.api("GET", `/deployments/iris/revisions?group=${group}`);
    return z
      .object({ items: z.array(revisionView) })
      .parse(body)
      .items.map(({ message }) => message);
  }

  async function openEdit(group: string): Promise<Page> {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/iris/edit?group=${group}`);
    await isAlive(page);
    return page;
  }

  /** The first of two people: another field, and the same one with another value. */
  async function changeMeanwhile(group: string): Promise<void> {
    const { spec, metadata } = await read(group);
    const manifest = JSON.stringify({
      apiVersion: "slipway.dev/v1",
      kind: "Deployment",
      metadata: { name: "iris", group, title: metadata.title },
      spec: { ...spec, scaling: { replicas: 3 }, description: "theirs" },
    });
    expect((await walk.console.api("POST", "/apply", { manifest, source: "cli" })).status).toBe(200);
  }

  test("the second sees both sides, chooses, says why, and loses nothing", async () => {
    const group = "both";
    await walk.deploy({ name: "iris", group, title: "Iris" }, PRODUCTION);
    const page = await openEdit(group);
    await page.getByLabel("Longest request").fill("1m");
    await page.getByLabel("Replicas", { exact: true }).fill("5");
    await page.getByRole("heading", { name: "2 pending changes" }).waitFor();
    await changeMeanwhile(group);

    const question = page.getByRole("group", { name: "spec.scaling.replicas" });
    await question.getByRole("radio", { name: /Theirs\s*3/ }).waitFor();
    await question.getByText("When you began: 1").waitFor();
    expect(await page.getByRole("button", { name: "Review" }).isDisabled()).toBe(true);
    await expectGoodLooks(page, "edit-conflict");
    await question.getByRole("radio", { name: /Yours\s*5/ }).check();
    await page.getByRole("button", { name: "Go on with version 2" }).click();

    await page.getByRole("button", { name: "Review" }).click();
    const dialog = page.getByRole("dialog");
    const changed = dialog.getByRole("list", { name: "What changes" });
    await changed.getByText("Takes effect on the next request.").waitFor();
    expect(await changed.getByRole("listitem").count()).toBe(2);
    await dialog.getByRole("button", { name: "Apply" }).click();
    await dialog.getByText("Say why: this deployment is in production.").waitFor();
    await expectGoodLooks(page, "edit-review");
    await dialog.getByLabel("Why (required in production)").fill("More callers");
    await dialog.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("heading", { level: 1, name: "Iris", exact: true }).waitFor();
    expect((await read(group)).spec).toMatchObject({
      description: "theirs",
      scaling: { replicas: 5 },
      limits: { timeout: "1m" },
    });
    expect((await messages(group))[0]).toBe("More callers");
  });

  test("by keyboard alone: a change beside somebody else's goes together with it by itself", async () => {
    const group = "beside";
    await walk.deploy({ name: "iris", group, title: "Iris" });
    const page = await openEdit(group);
    await typeOn(page, "textbox", "Longest request", "2m");
    await changeMeanwhile(group);
    await page.getByText(/Somebody else changed .*Your changes stand on it\./).waitFor();
    await pressOn(page, "button", "Review");
    await page.getByRole("list", { name: "What changes" }).waitFor();
    await tabTo(page, "textbox", "Why (optional)");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Iris", exact: true }).waitFor();
    expect((await read(group)).spec).toMatchObject({
      description: "theirs",
      scaling: { replicas: 3 },
      limits: { timeout: "2m" },
    });
  });

  test("a reload and a link that leads away lose nothing that was typed", async () => {
    const group = "kept";
    await walk.deploy({ name: "iris", group, title: "Iris" });
    const page = await openEdit(group);
    await page.getByLabel("Description").fill("typed and not applied");
    await page.getByRole("heading", { name: "1 pending change" }).waitFor();
    await page.getByRole("link", { name: "Servers" }).first().click();
    await page.getByRole("dialog", { name: "Leave without applying?" }).getByRole("button", { name: "Cancel" }).click();
    expect(await page.getByLabel("Description").inputValue()).toBe("typed and not applied");
    const isKept = async () =>
      z
        .string()
        .parse(await page.evaluate("JSON.stringify(localStorage)"))
        .includes("not applied");
    await until(isKept, { what: "the draft is kept" });
    page.on("dialog", (dialog) => void dialog.accept());
    await page.reload();
    await page.getByText("This browser kept changes of yours").waitFor();
    await page.getByRole("button", { name: "Restore them" }).click();
    expect(await page.getByLabel("Description").inputValue()).toBe("typed and not applied");
    await page.getByRole("button", { name: "Discard" }).click();
    expect(await page.getByLabel("Description").inputValue()).toBe("");
  });
});
