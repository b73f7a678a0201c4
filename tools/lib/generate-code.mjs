import { existsSync } from "node:fs";
import { join } from "node:path";
import { NODE, ROOT } from "./paths.mjs";
import { run, tail } from "./run.mjs";
import { hashOf, readStamp, writeStamp } from "./stamps.mjs";
import { StepError, step } from "./steps.mjs";

/** What is generated, from what, and how. Prisma's generator only asks that its engine variable names some file. */
const PARTS = [
  {
    name: "protobuf code",
    stamp: "generate-protobuf",
    inputs: ["proto", "buf.yaml", "buf.gen.yaml", "node_modules/@bufbuild/protoc-gen-es/package.json"],
    output: "packages/rpc/src/generated",
    words: ["node_modules/@bufbuild/buf/bin/buf", "generate"],
    env: {},
  },
  {
    name: "database client",
    stamp: "generate-prisma",
    inputs: ["prisma/schema", "prisma.config.ts", "node_modules/prisma/package.json"],
    output: "packages/db/src/generated",
    words: ["node_modules/prisma/build/index.js", "generate", "--no-hints"],
    env: { PRISMA_SCHEMA_ENGINE_BINARY: join(ROOT, "package.json") },
  },
];

/** Generates the code that is not committed, where its inputs changed. */
export async function generateCode() {
  for (const { name, stamp, inputs, output, words, env } of PARTS) {
    await step(`Generated the ${name}`, async () => {
      const wanted = hashOf(inputs);
      if (readStamp(stamp) === wanted && existsSync(join(ROOT, output))) return "unchanged";
      const PATH = `${join(ROOT, "node_modules", ".bin")}:${process.env.PATH ?? ""}`;
      const result = await run(NODE, words, { env: { ...env, PATH }, timeoutMs: 180_000 });
      if (result.code !== 0) {
        throw new StepError(
          `The ${name} could not be generated:\n${tail(result.output)}`,
          "mend what the message names; npm run generate repeats only this step.",
        );
      }
      writeStamp(stamp, wanted);
    });
  }
}
