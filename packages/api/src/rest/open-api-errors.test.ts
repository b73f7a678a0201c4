import { ERROR_CODES } from "@slipway/contracts";
import { expect, test } from "vitest";
import * as z from "zod";
import { appRouter } from "../root.ts";
import { describeApi } from "./open-api.ts";

const operation = z.object({ responses: z.record(z.string(), z.unknown()) });
const paths = z.record(z.string(), z.record(z.string(), operation));

/** Owners of errors that only other processes, or other ways in, answer with. */
const ELSEWHERE =
  /^(gateway|auth\/(expired|revoked|replaced|out_of_scope)|tensor|model|server|placement|artifact|rollout|recorder|feed)\b/;
/** Answers of ways in that the description leaves out, or that end before an operation is known. */
const BESIDE = [405, 410, 415, 417, 431, 499, 501, 505];

test("an operation that changes something names every status that an error of the API has", () => {
  const statuses = new Set(
    Object.entries(ERROR_CODES)
      .filter(([code]) => !ELSEWHERE.test(code))
      .map(([, { http }]) => http)
      .filter((http) => !BESIDE.includes(http)),
  );
  for (const [path, item] of Object.entries(paths.parse(describeApi(appRouter, "http://localhost").paths))) {
    for (const [method, { responses }] of Object.entries(item)) {
      const isRead = method === "get";
      const expected = [...statuses].filter((http) => !isRead || ![408, 413, 507].includes(http));
      const missing = expected.filter((http) => !(http in responses));
      expect([method, path, missing]).toEqual([method, path, []]);
    }
  }
});
