import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod";

export const EXAMPLE_MODELS = ["iris", "breast-cancer", "digits", "text-classifier"] as const;
export type ExampleModel = (typeof EXAMPLE_MODELS)[number];

/** The folder of an example, which a server can load as it is. */
export function examplePath(name: ExampleModel): string {
  return fileURLToPath(new URL(`../../../../examples/models/${name}`, import.meta.url));
}

const golden = z.object({
  cases: z.array(
    z.object({
      request: z.record(z.string(), z.unknown()),
      outputs: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.number()),
          datatype: z.string(),
          data: z.array(z.union([z.number(), z.string()])),
        }),
      ),
    }),
  ),
});

/** Requests, and what Python's onnxruntime answered to them. */
export function readGolden(name: ExampleModel): z.output<typeof golden>["cases"] {
  return golden.parse(JSON.parse(readFileSync(`${examplePath(name)}/golden.json`, "utf8"))).cases;
}

/** A request that the example's README shows. */
export function readSample(name: ExampleModel): string {
  return readFileSync(`${examplePath(name)}/sample.json`, "utf8");
}
