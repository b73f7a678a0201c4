import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readCrashFile } from "../crash-file.ts";
import { temporaryFolder } from "../testing/temporary-model.ts";

/** A process with a watch whose thread then never comes back from what it calls a run of the second model. */
const PROGRAM = (watch: string, crashFile: string, goodRuns: number) => `
import { createInlineWatch } from ${JSON.stringify(watch)};
const watch = createInlineWatch(${JSON.stringify(crashFile)});
const innocent = watch.register({ name: "innocent", version: "1" });
const culprit = watch.register({ name: "culprit", version: "7" });
for (let run = 0; run < ${goodRuns}; run += 1) {
  watch.begin(culprit);
  watch.end();
  watch.begin(innocent);
  watch.end();
}
watch.begin(culprit);
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
`;

test("a run that holds the serving thread is ended with its process and named, however many good ones came before", {
  timeout: 60_000,
}, async () => {
  using own = temporaryFolder();
  const crashFile = join(own.path, "crash.json");
  const program = join(own.path, "program.mjs");
  writeFileSync(program, PROGRAM(new URL("./inline-watch.ts", import.meta.url).href, crashFile, 5_000));
  const child = spawn(process.execPath, [program], { stdio: "inherit" });
  const signal = await new Promise((resolve) => child.once("exit", (_code, name) => resolve(name)));
  expect(signal).toBe("SIGABRT");
  expect(readCrashFile(crashFile)).toEqual({ loading: [], running: [{ name: "culprit", version: "7" }] });
});
