import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { dataDirLayout } from "@slipway/service-kit";
import { until } from "@slipway/testkit";
import * as fc from "fast-check";
import * as z from "zod";
import { type Area, hold } from "../area.ts";
import { mutated } from "../gen/mutate.ts";
import { oddText } from "../gen/odd-values.ts";
import { askApi, consoleArea, mustBeAnswered } from "./console-area.ts";
import { MODEL_CORPUS } from "./onnx-files.ts";

const head = z.object({ name: z.string(), query: z.string(), leaveAfter: z.number().nullable() });
const answer = z.object({ sha256: z.string() });
const word = fc.oneof(fc.constantFrom("iris", "live", "default", "model.onnx"), oddText);
const query = fc
  .record({ group: word, filename: word, alias: word, description: word }, { requiredKeys: [] })
  .map((fields) => new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, value ?? ""])).toString());

/** A line that says where it goes and how much of it is sent, then what is uploaded. */
const upload = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom("a", "b", "c") }, { weight: 1, arbitrary: oddText }),
    query,
    fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 5 }),
    fc.oneof(mutated(MODEL_CORPUS), fc.uint8Array({ maxLength: 200 }).map(Buffer.from)),
  )
  .map(([name, words, leaveAfter, bytes]) =>
    Buffer.concat([Buffer.from(`${JSON.stringify({ name, query: words, leaveAfter })}\n`), bytes]),
  );

export const uploads: Area = {
  name: "uploads",
  guarantee: "an upload becomes the version of exactly its bytes, or leaves nothing behind",
  inputs: { long: 6_000, short: 40 },
  bytes: () => upload,
  open: () =>
    consoleArea((rig) => ({
      async check(bytes) {
        const line = bytes.indexOf(10);
        const { name, query: words, leaveAfter } = head.parse(JSON.parse(bytes.subarray(0, line).toString("utf8")));
        const body = bytes.subarray(line + 1);
        const path = `/api/v1/registry/models/${encodeURIComponent(name.toWellFormed())}/versions?${words}`;
        const leave = leaveAfter === null ? {} : { leaveAfterBytes: Math.floor(leaveAfter * body.length) };
        const headers = { "content-type": "application/octet-stream" };
        const given = await askApi(rig, { method: "PUT", path, body, headers, ...leave });
        if (given !== null) {
          mustBeAnswered(given);
          if (given.status === 200) {
            const { sha256 } = answer.parse(JSON.parse(given.text));
            const own = createHash("sha256").update(body).digest("hex");
            hold(sha256 === own, "a version is of exactly the uploaded bytes", () => [sha256, own]);
          }
        }
        const incoming = join(dataDirLayout(rig.console.dataDir).registry, "incoming");
        const isEmpty = () => !existsSync(incoming) || readdirSync(incoming).length === 0;
        await until(isEmpty, { timeoutMs: 20_000, everyMs: 5, what: "nothing of an upload is left half done" });
      },
    })),
};
