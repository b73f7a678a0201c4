import { describeApi } from "@slipway/api/rest/open-api";
import { appRouter } from "@slipway/api/root";
import * as fc from "fast-check";
import * as z from "zod";
import type { Area } from "../area.ts";
import { oddJson, oddNumber, oddText } from "../gen/odd-values.ts";
import type { ConsoleRig } from "../rig/console.ts";
import { askApi, consoleArea, mustBeAnswered } from "./console-area.ts";

const parameter = z.object({ name: z.string(), in: z.enum(["path", "query", "header", "cookie"]) });
const operation = z.object({
  parameters: z.array(parameter).default([]),
  requestBody: z
    .object({
      content: z.record(
        z.string(),
        z.object({ schema: z.object({ properties: z.record(z.string(), z.unknown()).default({}) }) }),
      ),
    })
    .optional(),
});
type Operation = { method: string; path: string; path_: string[]; query: string[]; fields: string[] };

/** Every operation of REST whose body, if any, is JSON. */
function operations(): Operation[] {
  const { paths } = describeApi(appRouter, "http://slipway.test");
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item ?? {}).flatMap(([method, described]) => {
      const read = operation.safeParse(described);
      if (!read.success) return [];
      const { parameters, requestBody } = read.data;
      if (requestBody !== undefined && requestBody.content["application/json"] === undefined) return [];
      const namesIn = (place: "path" | "query") => parameters.filter((one) => one.in === place).map(({ name }) => name);
      const fields = Object.keys(requestBody?.content["application/json"]?.schema.properties ?? {});
      return [{ method: method.toUpperCase(), path, path_: namesIn("path"), query: namesIn("query"), fields }];
    }),
  );
}

const NAMES = ["iris", "wine", "digits"] as const;
const manifestOf = (name: string) =>
  JSON.stringify({
    apiVersion: "slipway.dev/v1",
    kind: "Deployment",
    metadata: { name, labels: { team: "growth" } },
    spec: { variants: [{ model: { uri: "file:///models/iris.onnx" } }] },
  });

/** Where a list goes on: as a list writes it, of parts that no list wrote. */
const forged = fc
  .array(fc.oneof(oddText, oddNumber, fc.constantFrom("name", "-updated", "default", "iris", null)), { maxLength: 5 })
  .map((parts) => Buffer.from(JSON.stringify(parts)).toString("base64url"));
/** Put for what the rig has: `$CURSOR` is what a list has given, `$UID` a uid that exists. */
const known = fc.constantFrom(
  ...NAMES,
  "default",
  "deployments",
  "models",
  "$UID",
  "$CURSOR",
  "$CURSORx",
  "1",
  "2",
  "live",
);
const number = oddNumber.map((value) => String(value));

function textFor(name: string): fc.Arbitrary<string> {
  if (name === "kind") {
    const right = fc.constantFrom("deployments", "models", "servers");
    return fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: oddText });
  }
  if (name === "after" || name === "before" || name === "line") return fc.oneof(forged, known, oddText, number);
  return fc.oneof(known, oddText, number);
}

function valueFor(name: string): fc.Arbitrary<unknown> {
  if (name === "manifest") return fc.oneof(fc.constantFrom(...NAMES).map(manifestOf), oddText, oddJson);
  return fc.oneof(known, oddJson, oddText);
}

const input = z.object({ method: z.string(), path: z.string(), body: z.string().optional() });

function requestOf({ method, path, path_, query, fields }: Operation): fc.Arbitrary<Buffer> {
  const record = <T>(names: readonly string[], of: (name: string) => fc.Arbitrary<T>, requiredKeys?: string[]) =>
    fc.record(
      Object.fromEntries(names.map((name) => [name, of(name)])),
      requiredKeys === undefined ? {} : { requiredKeys },
    );
  return fc
    .tuple(record(path_, textFor), record(query, textFor, []), record(fields, valueFor, []))
    .map(([places, asked, body]) => {
      const at = path.replace(/\{(\w+)\}/g, (_, name: string) => encode(places[name] ?? ""));
      const words = Object.entries(asked).map(([name, value]) => `${name}=${encode(value ?? "")}`);
      const target = `/api/v1${at}${words.length === 0 ? "" : `?${words.join("&")}`}`;
      return Buffer.from(
        JSON.stringify({ method, path: target, ...(fields.length === 0 ? {} : { body: JSON.stringify(body) }) }),
      );
    });
}

/** As a client that knows no better would: also what has no encoding goes out in some form. */
function encode(text: string): string {
  return Buffer.from(text, "utf8").reduce((all, byte) => all + encodeByte(byte), "");
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9$._-]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
}

export const operationsArea: Area = {
  name: "operations",
  guarantee: "whatever an operation is given, it answers, or refuses by the table as its caller's fault",
  inputs: { long: 20_000, short: 250 },
  bytes: () => fc.oneof(...operations().map(requestOf)),
  open: () =>
    consoleArea(async (rig) => {
      let found = await seed(rig);
      let checked = 0;
      return {
        async check(bytes) {
          checked += 1;
          // Operations may delete what the others are about.
          if (checked % 200 === 0) found = await seed(rig);
          const { method, path, body } = input.parse(JSON.parse(bytes.toString("utf8")));
          const put = (text: string) => text.replaceAll("$UID", found.uid).replaceAll("$CURSOR", found.cursor);
          const answer = await askApi(rig, {
            method,
            path: put(path),
            ...(body === undefined ? {} : { body: put(body) }),
          });
          if (answer !== null) mustBeAnswered(answer);
        },
      };
    }),
};

const listed = z.object({
  items: z.array(z.object({ metadata: z.object({ uid: z.string() }) })),
  next: z.string().nullish(),
});

async function seed(rig: ConsoleRig): Promise<{ uid: string; cursor: string }> {
  for (const name of NAMES) await rig.console.api("POST", "/apply", { manifest: manifestOf(name) });
  const { body } = await rig.console.api("GET", "/deployments?limit=1");
  const read = listed.safeParse(body);
  return { uid: read.data?.items[0]?.metadata.uid ?? "no-uid", cursor: read.data?.next ?? "no-cursor" };
}
