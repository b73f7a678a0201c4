import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { dataDirLayout, readProcessRecord } from "@slipway/service-kit";
import { startTestConsole, type TestConsole, type TestDatabase, testDatabase } from "@slipway/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";

let database: TestDatabase;
let console: TestConsole;
beforeAll(async () => {
  database = await testDatabase();
  console = await startTestConsole({ databaseUrl: database.url });
});
afterAll(async () => {
  await console.stop();
  await database.close();
});

test("health needs no credential, the API and the metrics do, and a process without pages says so", async () => {
  expect((await fetch(`${console.url}/health/live`)).status).toBe(200);
  expect((await fetch(`${console.url}/metrics`)).status).toBe(401);
  const secret = readFileSync(dataDirLayout(console.dataDir).internalSecret, "utf8").trim();
  const metrics = await fetch(`${console.url}/metrics`, { headers: { authorization: `Bearer ${secret}` } });
  expect(await metrics.text()).toContain('process="console"');
  expect((await fetch(`${console.url}/api/v1/whoami`)).status).toBe(401);
  expect(await console.api("GET", "/whoami")).toEqual({ status: 200, body: { actor: "local-admin" } });
  expect((await fetch(`${console.url}/deployments`)).status).toBe(404);
});

test("a sign-in link points at this very process and carries its secret where no request does", async () => {
  const { body } = await console.api("POST", "/login-links", {});
  expect(body).toMatchObject({ url: expect.stringMatching(new RegExp(`^${console.url}/sign-in#`)) });
});

test.each([
  ["no request at all", "hello\r\n\r\n", 400, "request/invalid"],
  [
    "a head that is too large",
    `GET / HTTP/1.1\r\nhost: a\r\nx: ${"y".repeat(20_000)}\r\n\r\n`,
    431,
    "request/headers_too_large",
  ],
])("%s is answered by an error of the table", async (_name, bytes, status, code) => {
  const socket = connect(Number(new URL(console.url).port), "127.0.0.1");
  let answer = "";
  socket.setEncoding("utf8").on("data", (piece: string) => {
    answer += piece;
  });
  socket.on("error", () => undefined);
  socket.write(bytes);
  await once(socket, "close");
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  expect(head).toMatch(`HTTP/1.1 ${status} `);
  expect(JSON.parse(body)).toMatchObject({ code, requestId: expect.stringMatching(/^req_/) });
});

test("its record stands while it listens and goes with a clean stop, even with a live connection open", async () => {
  const records = dataDirLayout(console.dataDir).processes;
  expect(readProcessRecord(records, "console")).toMatchObject({ pid: console.pid, addresses: { http: console.url } });
  const input = encodeURIComponent(JSON.stringify({ kind: "Deployment", group: "*" }));
  const { url } = console;
  const { body } = await console.api("POST", "/login-links", {});
  const link = new URL(String(Object(body).url)).hash.slice(1);
  const signedIn = await fetch(`${url}/sign-in`, { method: "POST", body: new URLSearchParams({ link }) });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
  const live = await fetch(`${url}/api/trpc/live.resources?input=${input}`, { headers: { cookie } });
  expect(live.headers.get("content-type")).toContain("text/event-stream");
  const ended = live.text().catch(() => "cut");
  await console.halt();
  expect(readProcessRecord(records, "console")).toBeNull();
  await ended;
  await console.start();
});
