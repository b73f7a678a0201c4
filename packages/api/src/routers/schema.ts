import { KINDS } from "@slipway/contracts";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { kindOf, kindWord } from "./inputs.ts";

/** What a spec of each kind may hold, from the very schemas that check it: for forms, editors and people. */
export const schemaRouter = router({
  get: procedure
    .meta({
      openapi: {
        method: "GET",
        path: "/schemas/{kind}",
        summary: "What the spec of a kind may hold, as a JSON Schema with help texts and defaults",
      },
    })
    .input(z.strictObject({ kind: kindWord }))
    .output(z.record(z.string(), z.unknown()))
    .query(({ input }) => ({
      ...z.toJSONSchema(KINDS[kindOf(input.kind)].spec, {
        io: "input",
        unrepresentable: "any",
        override({ zodSchema: { _zod: schema }, jsonSchema }) {
          // Left out of what may be written as several types, though it counts there as well.
          if (schema.def.type === "default") jsonSchema.default ??= z.json().parse(schema.def.defaultValue);
        },
      }),
    })),
});
