import { execFileSync } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
import { dataDirLayout, isRunning, readProcessRecord } from "@slipway/service-kit";
import { startTestPlatform, type TestPlatform, until } from "@slipway/testkit";
import { afterAll, expect, test } from "vitest";
import { callOnce } from "./caller.ts";
import { inferUrl, isSettled, modelFile, sampleOf, untilState } from "./examples.ts";

let platform: TestPlatform | undefined;
afterAll(() => platform?.stop());

/** A copy with owners and modes, which Postgres insists on and Node's own copy does not keep. */
const copyFolder = (from: string, to: string) => execFileSync("cp", ["-a", from, to]);

test("a database restored from an older copy under a running platform: it converges to what the copy says", async () => {
  const started = await startTestPlatform();
  platform = started;
  const { postgres, processes } = dataDirLayout(started.dataDir);
  const copy = `${started.dataDir}-copy`;
  await started.deploy("kept", modelFile("iris"));
  await started.halt();
  copyFolder(postgres, copy);
  await started.start();
  await started.deploy("newer", modelFile("breast-cancer"));
  await started.api("POST", "/deployments/kept/stop");
  await untilState(started, "kept", (one) => one.status.lifecycle === "Stopped", "is stopped");

  const record = readProcessRecord(processes, "postgres");
  if (record === null) throw new Error("Postgres has no record");
  // The supervisor must not start it on the newer data meanwhile.
  started.signal("supervisor", "SIGSTOP");
  try {
    started.kill9("postgres");
    await until(() => !isRunning(record), { what: "Postgres is gone" });
    renameSync(postgres, `${postgres}-newer`);
    copyFolder(copy, postgres);
  } finally {
    started.signal("supervisor", "SIGCONT");
  }
  await untilState(started, "kept", isSettled, "runs again as the copy says", 60_000);
  expect((await started.api("GET", "/deployments/newer")).status).toBe(404);
  const token = await started.createToken("kept", "restored");
  const call = { url: inferUrl(started, "kept"), token, body: sampleOf("iris") };
  await until(
    async () => {
      const outcome = await callOnce(call);
      return outcome.kind === "answer" && outcome.status === 200;
    },
    { what: "the restored deployment answers" },
  );
  const gone = await callOnce({ ...call, url: inferUrl(started, "newer") });
  expect(gone).toMatchObject({ kind: "answer", status: 403 });
  rmSync(copy, { recursive: true, force: true });
});
