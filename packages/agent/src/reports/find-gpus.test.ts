import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findGpus, readGpus } from "./find-gpus.ts";

function program(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-gpus-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "smi");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o700);
  return path;
}

test("what the driver's tool says is read, each GPU with its memory", async () => {
  const path = program('echo "NVIDIA H200, 143771"; echo "NVIDIA A100, 80GB PCIe, 81920"');
  expect(await findGpus(path)).toEqual([
    { name: "NVIDIA H200", memoryBytes: 143_771 * 2 ** 20 },
    { name: "NVIDIA A100, 80GB PCIe", memoryBytes: 81_920 * 2 ** 20 },
  ]);
});

test("no tool, one that fails, or one that says something else means no GPU, and no error", async () => {
  expect(await findGpus("/nowhere/nvidia-smi")).toEqual([]);
  expect(await findGpus(program("echo 'NVIDIA H200, 1'; exit 9"))).toEqual([]);
  expect(readGpus("No devices were found\n\n")).toEqual([]);
});
