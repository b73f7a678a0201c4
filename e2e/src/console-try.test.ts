import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { ResourceStatus } from "@slipway/contracts";
import { until } from "@slipway/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type ConsoleWalk,
  describeInBrowser,
  expectGoodLooks,
  isAlive,
  LIVE_STATUS,
  pressOn,
  readClipboard,
  startConsoleWalk,
  typeOn,
} from "./walk.ts";

const LIVE: Partial<ResourceStatus> = {
  ...LIVE_STATUS,
  signature: {
    inputs: [{ name: "input", datatype: "FP32", shape: [-1, 4] }],
    outputs: [
      { name: "label", datatype: "INT64", shape: [-1] },
      { name: "probabilities", datatype: "FP32", shape: [-1, 3] },
    ],
  },
};
const ANSWER = JSON.stringify({
  model_name: "iris",
  id: "one",
  outputs: [
    { name: "label", datatype: "INT64", shape: [1], data: [0] },
    { name: "probabilities", datatype: "FP32", shape: [1, 3], data: [0.97, 0.02, 0.01] },
  ],
});

describeInBrowser("trying a deployment", () => {
  let walk: ConsoleWalk;
  const seen: string[] = [];
  let cut = 0;
  /** Answers in place of a gateway: a body without `input` is refused, one with 777 is never answered. */
  function answer(response: ServerResponse, body: string) {
    seen.push(body);
    if (body.includes("777")) return;
    response.setHeader("content-type", "application/json");
    response.setHeader("x-request-id", "req_of-the-test");
    if (body.includes('"input"')) response.end(ANSWER);
    else response.writeHead(400).end('{"error":"The model has no input x.","code":"tensor/unknown","requestId":"r"}');
  }
  const gateway = createServer(async (request, response) => {
    response.once("close", () => {
      if (!response.writableEnded) cut += 1;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    answer(response, Buffer.concat(chunks).toString());
  });

  beforeAll(async () => {
    await once(gateway.listen(0, "127.0.0.1"), "listening");
    const address = gateway.address();
    walk = await startConsoleWalk(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`);
  });
  afterAll(async () => {
    await walk?.close();
    gateway.close().closeAllConnections();
  });

  async function open(page: Page, group: string): Promise<void> {
    await page.goto(`${walk.url}/deployments/iris?group=${group}&tab=try`);
    await isAlive(page);
    await page.getByRole("heading", { name: "Request" }).waitFor();
  }

  test("the sample is in the form; sending shows status, latency, id, tensors and headers", async () => {
    await walk.say(await walk.deploy({ name: "iris", group: "tried" }), LIVE);
    const page = await walk.signIn();
    await open(page, "tried");
    await page.getByLabel("input, column 1").fill("5.1");
    await page.getByRole("button", { name: "Add row to input" }).click();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("200 OK").waitFor();
    expect(JSON.parse(seen.at(-1) ?? "").inputs[0]).toMatchObject({
      shape: [2, 4],
      data: [5.1, 1, 1.5, 2, 0, 0, 0, 0],
    });
    await page.getByRole("region", { name: "Values of probabilities" }).getByText("0.97").waitFor();
    await page.getByText("req_of-the-test").first().waitFor();
    await page.getByRole("button", { name: "Copy the request id" }).click();
    await page.getByRole("button", { name: "Copied the request id" }).waitFor();
    expect(await readClipboard(page)).toBe("req_of-the-test");
    await page.getByText(/^Headers/).click();
    await page.getByText("content-type").waitFor();
    await page.getByRole("button", { name: "Copy as curl" }).click();
    await page.getByRole("button", { name: "Copied as curl" }).waitFor();
    const curl = await readClipboard(page);
    expect(curl).toContain("Bearer $TOKEN");
    expect(curl).toContain("5.1");
  });

  test("by keyboard alone: typed, sent, refused, mended by the corrected body, and answered", async () => {
    await walk.say(await walk.deploy({ name: "iris", group: "keyed" }), LIVE);
    const page = await walk.signIn();
    await open(page, "keyed");
    await pressOn(page, "button", "JSON");
    await typeOn(page, "textbox", "Body", '{ "inputs": [');
    await page.getByText("Line 1, column 14: It ends where a value is expected.").waitFor();
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.getByText("Not sent: mend what is marked first.").waitFor();
    await typeOn(
      page,
      "textbox",
      "Body",
      '{ "inputs": [{ "name": "x", "datatype": "INT32", "shape": [4], "data": [1, 2, 3, 4] }] }',
    );
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.getByText("400 Bad request").waitFor();
    await page.getByText("Input x is now named input.").waitFor();
    await pressOn(page, "button", "Use this body");
    await pressOn(page, "button", "Send");
    await page.getByText("200 OK").waitFor();
    expect(JSON.parse(seen.at(-1) ?? "").inputs[0]).toMatchObject({ name: "input", shape: [1, 4], data: [1, 2, 3, 4] });
    await page.getByRole("heading", { name: "Tries" }).waitFor();
    await pressOn(page, "button", /^400/);
    await page.getByText("400 Bad request").waitFor();
  });

  test("what is typed outlives a look at another tab, and a call under way can be cancelled", async () => {
    await walk.say(await walk.deploy({ name: "iris", group: "kept" }), LIVE);
    const page = await walk.signIn();
    await open(page, "kept");
    await page.getByLabel("input, column 2").fill("777");
    await page.getByRole("link", { name: "History" }).click();
    await page.getByRole("heading", { name: "Request" }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Try it" }).click();
    await page.getByLabel("input, column 2").waitFor();
    expect(await page.getByLabel("input, column 2").inputValue()).toBe("777");
    const before = cut;
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await until(() => seen.at(-1)?.includes("777"), { what: "the call has come" });
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Send", exact: true }).waitFor();
    await until(() => cut === before + 1, { what: "the call of the deployment is cut" });
    expect(await page.getByLabel("input, column 2").inputValue()).toBe("777");
  });

  test("a stopped one, one not live yet and one without a signature say so, and can be asked all the same", async () => {
    const uid = await walk.deploy({ name: "iris", group: "early" });
    const page = await walk.signIn();
    await open(page, "early");
    await page.getByText("It does not answer yet.").waitFor();
    expect(await page.getByRole("button", { name: "Form" }).isDisabled()).toBe(true);
    await walk.say(uid, LIVE);
    await page.getByLabel("input, column 1").waitFor();
    await walk.console.api("POST", "/deployments/iris/stop?group=early", {});
    await page.getByText("It is stopped.").waitFor();
  });

  test("axe finds nothing and nothing overflows, in light and dark at every width", async () => {
    const group = "seen";
    await walk.say(await walk.deploy({ name: "iris", group, title: "Iris classifier" }), LIVE);
    const page = await walk.signIn();
    await open(page, group);
    await page.getByLabel("input, column 1").waitFor();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("200 OK").waitFor();
    await expectGoodLooks(page, "try-answer");
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    await page.getByLabel("Body", { exact: true }).fill('{ "inputs": [{ "name": "x", "data": [1, 2] }] }');
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("400 Bad request").waitFor();
    await page.getByText(/^Headers/).click();
    await expectGoodLooks(page, "try-refused");
    await page.getByLabel("Body", { exact: true }).fill('{ "inputs": x }');
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("Not sent: mend what is marked first.").waitFor();
    await expectGoodLooks(page, "try-invalid");
  });
});
