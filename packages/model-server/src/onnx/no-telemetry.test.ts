import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("a process that imports the model server has the runtime's telemetry switched off in its environment", async () => {
  const model = new URL("../model-server.ts", import.meta.url).href;
  const source = `await import(${JSON.stringify(model)}); console.log("switch:" + process.env.ORT_DISABLE_TELEMETRY);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", source], {
    env: { NODE_ENV: "test" },
  });
  expect(stdout).toContain("switch:1");
});
