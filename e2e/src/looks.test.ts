import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { inferUrl, modelFile, sampleOf, untilState } from "./examples.ts";
import { describeInBrowser, expectGoodLooks, isAlive, type PlatformWalk, startWalk } from "./walk.ts";

/** A page or a state of it: where it is, and what shows that it is drawn. */
type Look = { name: string; path: string; ready: (page: Page) => Promise<unknown> };

type StorageState = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** What the API answers, as it should, where a sample is asked for of a model that was never loaded. */
const NO_SIGNATURE = /status of 503 .*sample\.get/;
/** So that the charts have something to draw. */
const CALLS = 60;

const heading = (name: string | RegExp) => (page: Page) => page.getByRole("heading", { name, level: 1 }).waitFor();
const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first().waitFor();

/** Every route, with the states that a running platform can be in. */
const LOOKS_OF_PAGES: readonly Look[] = [
  { name: "welcome", path: "/welcome", ready: (page) => page.getByRole("button", { name: /^Send/ }).waitFor() },
  { name: "deployments", path: "/deployments", ready: isAlive },
  { name: "deployments-none-match", path: "/deployments?search=no-such-thing", ready: text(/no-such-thing/) },
  { name: "deployments-empty", path: "/deployments?group=nobody", ready: heading("Deployments") },
  { name: "new", path: "/deployments/-/new", ready: heading("New deployment") },
  { name: "edit", path: "/deployments/iris/edit", ready: heading(/iris/i) },
  { name: "overview", path: "/deployments/iris", ready: isAlive },
  { name: "overview-failed", path: "/deployments/broken", ready: isAlive },
  { name: "overview-stopped", path: "/deployments/stopped", ready: isAlive },
  {
    name: "try",
    path: "/deployments/iris?tab=try",
    ready: (page) => page.getByRole("button", { name: /^Send/ }).waitFor(),
  },
  { name: "metrics", path: "/deployments/iris?tab=metrics", ready: text("Requests per second") },
  { name: "logs", path: "/deployments/iris?tab=logs", ready: (page) => page.getByRole("slider").waitFor() },
  { name: "events", path: "/deployments/broken?tab=events", ready: isAlive },
  { name: "history", path: "/deployments/iris?tab=history", ready: text("For the morning") },
  { name: "access", path: "/deployments/iris?tab=access", ready: text("shop") },
  { name: "config", path: "/deployments/iris?tab=config", ready: isAlive },
  { name: "models", path: "/models", ready: heading("Models") },
  {
    name: "models-upload",
    path: "/models?do=upload",
    ready: (page) => page.getByRole("dialog", { name: "Upload a model" }).waitFor(),
  },
  { name: "model", path: "/models/digits-model", ready: heading("digits-model") },
  { name: "model-version", path: "/models/digits-model/versions/1", ready: text("Signature") },
  {
    name: "model-version-update",
    path: "/models/digits-model/versions/1?do=update",
    ready: (page) => page.getByRole("combobox", { name: "Deployment" }).waitFor(),
  },
  {
    name: "model-version-sample",
    path: "/models/digits-model/versions/1?do=sample",
    ready: (page) => page.getByRole("textbox", { name: "Request as JSON" }).waitFor(),
  },
  { name: "servers", path: "/servers", ready: isAlive },
  {
    name: "servers-fit",
    path: "/servers?sort=-memory&server=platform%2Fonnx&fit-memory=900Gi",
    ready: text("too little"),
  },
  { name: "activity", path: "/activity", ready: heading("Activity") },
  { name: "account", path: "/account", ready: heading("Your account") },
  { name: "deployment-absent", path: "/deployments/nowhere", ready: text(/no deployment nowhere/i) },
  { name: "not-found", path: "/no/such/page", ready: (page) => page.getByRole("heading", { level: 1 }).waitFor() },
];

describeInBrowser("every page of a running platform, as people see it", () => {
  let walk: PlatformWalk;
  let signedIn: StorageState;
  beforeAll(async () => {
    walk = await startWalk();
    await prepare(walk);
    const context = await walk.browser.newContext();
    await walk.signIn(context);
    signedIn = await context.storageState();
    await context.close();
  });
  afterAll(() => walk?.close());

  test.for(LOOKS_OF_PAGES)(
    "axe finds nothing and nothing overflows, in light and dark at every width: $name",
    async ({ name, path, ready }) => {
      const context = await walk.openContext({ storageState: signedIn });
      walk.tolerate(context, NO_SIGNATURE);
      const page = await context.newPage();
      await page.goto(`${walk.url}${path}`);
      await ready(page);
      await expectGoodLooks(page, name);
    },
  );
});

/** What people have after a while: one that serves and was changed, one that cannot load, one that is stopped. */
async function prepare({ platform }: PlatformWalk): Promise<void> {
  const deploy = async (name: string, spec: object, title: string) => {
    const metadata = { name, title, labels: { team: "growth" } };
    const manifest = JSON.stringify({ apiVersion: "slipway.dev/v1", kind: "Deployment", metadata, spec });
    const { status, body } = await platform.api("POST", "/apply", { manifest });
    if (status !== 200) throw new Error(`applying ${name} was refused: ${JSON.stringify(body)}`);
  };
  const digits = { model: { uri: `file:${modelFile("digits")}` } };
  await deploy("broken", { variants: [{ model: { uri: "file:/nowhere/model.onnx" } }] }, "Points at nothing");
  await deploy("stopped", { variants: [digits], running: false, environment: "staging" }, "Digits, at rest");
  await deploy("public-digits", { variants: [digits], access: { visibility: "public" } }, "Digits for everybody");
  await platform.api("POST", "/deployments/iris/scale", { replicas: 2, message: "For the morning" });
  const token = await platform.createToken("iris", "shop");
  const pushed = await platform.cli(
    "model",
    "push",
    modelFile("digits"),
    "--name",
    "digits-model",
    "--alias",
    "stable",
  );
  if (pushed.code !== 0) throw new Error(`the model was not taken: ${pushed.stderr}`);
  for (let call = 0; call < CALLS; call += 1) {
    const headers = { authorization: `Bearer ${token}` };
    await fetch(inferUrl(platform, "iris"), { method: "POST", headers, body: sampleOf("iris") });
  }
  await untilState(platform, "broken", ({ status }) => status.health === "Failed", "it has failed");
}
