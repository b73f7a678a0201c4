import { SlipwayError } from "@slipway/contracts";
import { callTRPCProcedure, TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { expect, test } from "vitest";
import * as z from "zod";
import { describeError, openProcedure, router } from "./trpc.ts";

const spec = z.object({ scaling: z.object({ replicas: z.int().max(10) }) });
const calls = router({
  checked: openProcedure.input(spec).query(() => ({})),
  /** As a verb that puts two valid inputs together, and finds that the whole is not. */
  verb: openProcedure.query(() => spec.parse({ scaling: { replicas: 11 } })),
  answer: openProcedure.output(z.object({ secret: z.string() })).query(() => JSON.parse('{ "secret": 1 }')),
  known: openProcedure.query(() => {
    throw new SlipwayError("view/not_found", {});
  }),
});

/** The status that tRPC answers with, and that of REST with its body. */
async function statusesOf(path: keyof typeof calls._def.procedures) {
  try {
    await callTRPCProcedure({
      ...{ router: calls, path, ctx: {}, type: "query", signal: undefined, batchIndex: 0 },
      getRawInput: async () => ({ scaling: { replicas: 11 } }),
    });
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    const { http, body } = describeError(error, "r-1");
    return {
      trpc: getHTTPStatusCodeFromError(error),
      rest: http,
      code: body.code,
      field: body.field,
      error: body.error,
    };
  }
  throw new Error("the call did not fail");
}

test("what a schema refuses is the caller's fault with the field named, over tRPC as over REST, in a procedure as in a verb", async () => {
  const refused = { trpc: 400, rest: 400, code: "request/invalid", field: "scaling.replicas" };
  expect(await statusesOf("checked")).toMatchObject(refused);
  expect(await statusesOf("verb")).toMatchObject(refused);
});

test("an answer that does not fit its own schema is nobody's but the platform's fault, and says nothing of itself", async () => {
  const failed = await statusesOf("answer");
  expect(failed).toMatchObject({ trpc: 500, rest: 500, code: "internal" });
  expect(failed.error).not.toContain("secret");
});

test("an error of the table has one status everywhere", async () => {
  expect(await statusesOf("known")).toMatchObject({ trpc: 404, rest: 404, code: "view/not_found" });
});
