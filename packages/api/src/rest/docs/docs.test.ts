import { testDatabase } from "@slipway/testkit";
import { expect, test } from "vitest";
import * as z from "zod";
import { serveApi } from "../../testing/serve-api.ts";
import { readOperations } from "./read-operations.ts";
import { renderDocs } from "./render-docs.ts";

const paths = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

test("the page names every operation that the description has, without a credential, and runs nothing", async () => {
  const { db } = await testDatabase();
  const { base, call } = await serveApi({ db });
  const described = paths.parse((await call("GET", "/api/v1/openapi.json")).body).paths;
  const page = await fetch(`${base}/api/v1/docs`);
  const html = await page.text();
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  for (const [path, methods] of Object.entries(described)) {
    for (const method of Object.keys(methods)) expect(html).toContain(`<code>${method.toUpperCase()} ${path}</code>`);
  }
  expect(html).not.toMatch(/<script|<style|style=|onclick/);
  const style = await fetch(`${base}/api/v1/docs.css`);
  expect([style.status, style.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
});

test("an upload is shown as one: its command line sends a file's bytes", async () => {
  const { db } = await testDatabase();
  const { base } = await serveApi({ db });
  const html = await (await fetch(`${base}/api/v1/docs`)).text();
  expect(html).toContain("--data-binary @FILE");
});

test("what is answered line by line is described: what it takes, and of what its lines are", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  const { body } = await call("GET", "/api/v1/openapi.json");
  const answer = z.object({ content: z.record(z.string(), z.object({ schema: z.looseObject({ type: z.string() }) })) });
  const operation = z.object({ get: z.object({ responses: z.object({ 200: answer }) }) });
  const described = z
    .object({ paths: z.object({ "/{kind}/{name}/logs": operation, "/activity/export": operation }) })
    .parse(body).paths;
  const [logs, activity] = [described["/{kind}/{name}/logs"], described["/activity/export"]];
  const { content } = logs.get.responses[200];
  expect(Object.keys(content)).toEqual(["application/x-ndjson", "text/plain"]);
  expect(content["application/x-ndjson"]?.schema).toMatchObject({ properties: { requestId: {}, isContinued: {} } });
  expect(Object.keys(activity.get.responses[200].content)).toEqual(["application/x-ndjson", "text/csv"]);
  const { groups } = readOperations(body);
  const fieldsOf = (id: string) => groups.flatMap(({ operations }) => operations).find((one) => one.id === id)?.fields;
  expect(fieldsOf("logs-stream")).toEqual(
    expect.arrayContaining([
      { name: "name", in: "path", isRequired: true, description: "Its name" },
      { name: "tail", in: "query", isRequired: false, description: expect.stringContaining("newest") },
      { name: "follow", in: "query", isRequired: false, description: expect.stringContaining("new lines") },
    ]),
  );
  expect(fieldsOf("activity-export")?.map(({ name }) => name)).toContain("format");
});

test("an error is described as it is answered", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  const schema = z.object({ properties: z.record(z.string(), z.unknown()), required: z.array(z.string()) });
  const { components } = z
    .object({ components: z.object({ schemas: z.record(z.string(), schema) }) })
    .parse((await call("GET", "/api/v1/openapi.json")).body);
  const { status, body } = await call("GET", "/api/v1/activity?who=ada");
  const given = Object.keys(z.record(z.string(), z.unknown()).parse(body));
  const described = components.schemas["error.BAD_REQUEST"];
  expect(status).toBe(400);
  expect(Object.keys(described?.properties ?? {})).toEqual(expect.arrayContaining(given));
  expect(given).toEqual(expect.arrayContaining(described?.required ?? ["unknown"]));
  expect(components.schemas["error.NOT_FOUND"]).toEqual(described);
});

test("what may be left out is not said to be required, and is described", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  const { groups } = readOperations((await call("GET", "/api/v1/openapi.json")).body);
  const metrics = groups
    .find(({ name }) => name === "metrics")
    ?.operations.find(({ id }) => id === "metrics-deployment");
  expect(metrics?.fields).toEqual([
    { name: "name", in: "path", isRequired: true, description: "The deployment" },
    { name: "group", in: "query", isRequired: false, description: expect.stringContaining("tenant") },
    { name: "from", in: "query", isRequired: false, description: expect.stringContaining("-15m") },
    { name: "to", in: "query", isRequired: false, description: expect.stringContaining("now") },
  ]);
});

test("what a description says is text, never markup, and a command line gives all that is required", () => {
  const operation = {
    operationId: "note-write",
    summary: "<img src=x onerror=alert(1)>",
    parameters: [
      { name: "name", in: "path", required: true },
      { name: "on", in: "query", required: true },
      { name: "from", in: "query", description: "\"<'&" },
    ],
    requestBody: {
      content: { "application/json": { schema: { properties: { text: {}, mood: {} }, required: ["text"] } } },
    },
  };
  const html = renderDocs(
    readOperations({ servers: [{ url: "http://h/api/v1" }], paths: { "/notes/{name}": { post: operation } } }),
  );
  expect(html).not.toContain("<img");
  expect(html).toContain("&quot;&lt;&#39;&amp;");
  expect(html).toContain("-X POST");
  expect(html).toContain("-d &#39;{&quot;text&quot;:&quot;TEXT&quot;}&#39; &#39;http://h/api/v1/notes/NAME?on=ON&#39;");
});
