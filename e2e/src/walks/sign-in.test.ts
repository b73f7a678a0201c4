import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
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

const PASSWORD = "correct horse battery";
/** What the browser itself says of a refused password. */
const REFUSED = /status of 401/;

describeInBrowser("signing in with something of one's own", () => {
  let walk: ConsoleWalk;
  beforeAll(async () => {
    walk = await startConsoleWalk();
  });
  afterAll(() => walk?.close());

  /** Passkeys belong to a host name, so this person comes by one. */
  const byName = (url: string) => url.replace("127.0.0.1", "localhost");

  async function comeByLink(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.goto(byName(await walk.signInLink()));
    await page.getByRole("button", { name: "Sign in" }).click();
    await isAlive(page);
    await page.goto(byName(`${walk.url}/account`));
    return page;
  }

  async function signOut(context: BrowserContext, page: Page): Promise<void> {
    await context.clearCookies();
    await page.goto(byName(`${walk.url}/deployments`));
    await page.waitForURL(/[/]sign-in([?]|$)/);
  }

  test("who came by a link sets a password, is told of a wrong one, and comes back with the right one", async () => {
    const context = await walk.openContext();
    walk.tolerate(context, REFUSED);
    walk.tolerate(context, /status of 400/);
    const page = await comeByLink(context);
    await page.getByText("You cannot sign in again yet.").waitFor();
    await page.getByLabel("New password").fill("short");
    await page.getByRole("button", { name: "Set a password" }).click();
    await page.getByText("Must have at least 10 characters.").waitFor();
    await page.getByLabel("New password").fill(PASSWORD);
    await page.getByRole("button", { name: "Set a password" }).click();
    await page.getByText("The password is set.").waitFor();
    await page.getByText("You cannot sign in again yet.").waitFor({ state: "detached" });

    await signOut(context, page);
    await page.getByLabel("Name").fill("admin");
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByText("do not sign anybody in").waitFor();
    expect(await page.getByLabel("Name").inputValue()).toBe("admin");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await isAlive(page);
  });

  test("the same by keyboard alone", async () => {
    const context = await walk.openContext();
    const page = await comeByLink(context);
    await tabTo(page, "textbox", "New password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByText("The password is set.").waitFor();
    await signOut(context, page);
    await typeOn(page, "textbox", "Name", "admin");
    await tabTo(page, "textbox", "Password");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await isAlive(page);
  });

  test("a passkey is added and signs in; removed, it signs nobody in any more", async () => {
    const context = await walk.openContext();
    walk.tolerate(context, REFUSED);
    const page = await comeByLink(context);
    const devtools = await context.newCDPSession(page);
    await devtools.send("WebAuthn.enable");
    const options = {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    } as const;
    await devtools.send("WebAuthn.addVirtualAuthenticator", { options });
    await page.getByLabel("Name of the passkey").fill("Laptop");
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByText("The passkey is added.").waitFor();

    await signOut(context, page);
    await pressOn(page, "button", "Sign in with a passkey");
    await isAlive(page);
    await page.goto(byName(`${walk.url}/account`));
    await page.getByText("by a passkey").waitFor();
    await page.getByRole("button", { name: "Remove the passkey Laptop" }).click();
    await page.getByText("The passkey is removed.").waitFor();

    await signOut(context, page);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByText("do not sign anybody in").waitFor();
  });

  test("another browser of one's own is signed out from here, and an address is told to have no passkeys", async () => {
    const [here, there] = [await walk.openContext(), await walk.openContext()];
    const page = await walk.signIn(here);
    const other = await walk.signIn(there);
    await page.goto(`${walk.url}/account`);
    await page.getByText("Passkeys need a name instead of an address.").waitFor();
    await page.getByRole("button", { name: "Sign out every other browser" }).click();
    await page.getByText("Signed out there.").waitFor();
    await other.goto(`${walk.url}/deployments`);
    await other.waitForURL(/[/]sign-in([?]|$)/);
  });

  test("axe finds nothing on signing in and on the account, and nothing overflows, in light and dark at every width", async () => {
    const context = await walk.openContext();
    const page = await context.newPage();
    await page.goto(byName(`${walk.url}/sign-in`));
    await page.getByLabel("Name").waitFor();
    await expectGoodLooks(page, "sign-in");
    const account = await comeByLink(context);
    await account.getByRole("heading", { name: "Browsers that are signed in" }).waitFor();
    await expectGoodLooks(account, "account");
  });
});
