import { until } from "@slipway/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callOnce, startCalling, tally } from "../caller.ts";
import { inferUrl, sampleOf } from "../examples.ts";
import {
  describeInBrowser,
  isAlive,
  type PlatformWalk,
  pressOn,
  readClipboard,
  rowOf,
  startWalk,
  tabTo,
} from "../walk.ts";

/** Answers after each step that show that calls go on. */
const ENOUGH = 30;

describeInBrowser("rotating the token of a client that never stops calling", () => {
  let walk: PlatformWalk;
  beforeAll(async () => {
    walk = await startWalk();
  });
  afterAll(() => walk?.close());

  const callWith = (token: string) => ({ url: inferUrl(walk.platform, "iris"), token, body: sampleOf("iris") });

  async function openAccess(): Promise<Page> {
    const page = await walk.signIn();
    await page.goto(`${walk.url}/deployments/iris?tab=access`);
    await isAlive(page);
    return page;
  }

  /** The client calls all the while: `rotate` gives its new token, to which it changes; `revoke` then ends the old one. */
  async function keepCalling(client: string, rotate: () => Promise<string>, revoke: () => Promise<void>) {
    const old = await walk.platform.createToken("iris", client);
    const before = startCalling({ ...callWith(old), concurrency: 2 });
    await until(() => before.outcomes.length > ENOUGH);
    const fresh = await rotate();
    expect(fresh).not.toBe(old);
    const seen = before.outcomes.length;
    const after = startCalling({ ...callWith(fresh), concurrency: 2 });
    await until(() => before.outcomes.length > seen + ENOUGH && after.outcomes.length > ENOUGH);
    expect(tally(await before.stop())).toEqual({ "200": before.outcomes.length });
    await revoke();
    expect(await callOnce(callWith(old))).toMatchObject({ status: 401, code: "auth/revoked" });
    const since = after.outcomes.length;
    await until(() => after.outcomes.length > since + ENOUGH);
    expect(tally(await after.stop())).toEqual({ "200": after.outcomes.length });
  }

  test("by mouse no call fails, neither with the old token while both are good nor with the new one", async () => {
    const page = await openAccess();
    const rotate = async () => {
      await page.getByRole("button", { name: "Rotate the token of shop" }).click();
      const dialog = page.getByRole("dialog", { name: "Rotate the token of shop?" });
      await dialog.getByText("without a failed call").waitFor();
      await dialog.getByRole("button", { name: "Rotate", exact: true }).click();
      await page.getByRole("button", { name: "Copy the token" }).click();
      await page.getByRole("button", { name: "Copied the token" }).waitFor();
      const fresh = await readClipboard(page);
      expect(await page.locator("[data-token]").textContent()).toBe(fresh);
      await page.getByRole("button", { name: "I have it" }).click();
      await rowOf(page, "shop").getByText("Ending").waitFor();
      return fresh;
    };
    await keepCalling("shop", rotate, async () => {
      await page.getByRole("button", { name: "Revoke the old token of shop" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
      await page.getByText("The old token of shop is refused from now on.").waitFor();
    });
  });

  test("by keyboard alone no call fails either", async () => {
    const page = await openAccess();
    const rotate = async () => {
      await pressOn(page, "button", "Rotate the token of batch_job");
      await page.getByRole("dialog").waitFor();
      await tabTo(page, "combobox", "The old token goes on for");
      await page.keyboard.press("ArrowDown");
      await pressOn(page, "button", "Rotate");
      const panel = page.getByRole("region", { name: "The new token of batch_job" });
      await panel.and(page.locator(":focus")).waitFor();
      await pressOn(page, "button", "Copy the token");
      await page.getByRole("button", { name: "Copied the token" }).waitFor();
      const fresh = await readClipboard(page);
      await pressOn(page, "button", "I have it");
      await rowOf(page, "batch_job").getByText("in 3 days").waitFor();
      return fresh;
    };
    await keepCalling("batch_job", rotate, async () => {
      await pressOn(page, "button", "Revoke the old token of batch_job");
      await page.getByRole("dialog").waitFor();
      await pressOn(page, "button", "Revoke");
      await page.getByText("The old token of batch_job is refused from now on.").waitFor();
    });
  });

  test("when the overlap is over the old token is refused, and its caller is told that a newer one is there", async () => {
    const old = await walk.platform.createToken("iris", "late");
    await walk.platform.api("POST", "/deployments/iris/tokens/late/rotate", { overlapHours: 0 });
    await until(async () => {
      const outcome = await callOnce(callWith(old));
      return outcome.kind === "answer" && outcome.status === 401 && outcome.code === "auth/replaced";
    });
    const page = await openAccess();
    await rowOf(page, "late").getByText("Expired").waitFor();
  });

  test("a token that may only read metadata is refused inference, and the page says what it is good for", async () => {
    const created = await walk.platform.cli("token", "create", "iris", "reader", "--scope", "metadata", "-o", "json");
    const { token } = JSON.parse(created.stdout);
    expect(await callOnce(callWith(token))).toMatchObject({ status: 403, code: "auth/out_of_scope" });
    const url = `${walk.platform.info.gatewayUrl}/serve/default/iris/v2/models/iris`;
    expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    const page = await openAccess();
    await rowOf(page, "reader").getByText("Metadata only").waitFor();
    // The gateways tell of the call some seconds late; the page is read again by whoever wants to know.
    await until(
      async () => {
        await page.reload();
        await rowOf(page, "reader").waitFor();
        return (await rowOf(page, "reader").getByText("never").count()) === 0;
      },
      { timeoutMs: 60_000, what: "the last use is told" },
    );
  });
});
