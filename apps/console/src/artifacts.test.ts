import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig, silentLogger, systemClock } from "@slipway/service-kit";
import { startTestS3, until } from "@slipway/testkit";
import { expect, onTestFinished, test, vi } from "vitest";
import { openArtifacts } from "./artifacts.ts";
import { consoleSettings } from "./config.ts";

const SECRET = "a-secret-that-nobody-may-read";
const forever = new AbortController().signal;

async function open(env: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "slipway-artifacts-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "unread");
  const config = readConfig(consoleSettings, {
    ...{
      DATABASE_URL: "postgresql://unused",
      SLIPWAY_SCHEDULER_ADDRESSES: "127.0.0.1:9",
      SLIPWAY_REGISTRY_DIR: folder,
    },
    ...{ SLIPWAY_TOKEN_KEY_FILE: file, SLIPWAY_ADMIN_TOKEN_FILE: file, SLIPWAY_INTERNAL_SECRET_FILE: file },
    ...env,
  });
  const error = vi.spyOn(silentLogger, "error");
  onTestFinished(() => error.mockRestore());
  const artifacts = await openArtifacts(config, { logger: silentLogger, clock: systemClock });
  await artifacts.service.start(forever);
  onTestFinished(() => artifacts.service.stop(forever));
  return { ...artifacts, said: () => error.mock.calls };
}

async function* bytes() {
  yield Buffer.from("bytes");
}
const receive = (store: Awaited<ReturnType<typeof open>>["store"]) =>
  store.receive(bytes(), { limitBytes: 100, signal: forever });

test("without a bucket the registry is its folder, with one it is the bucket", async () => {
  const s3 = await startTestS3();
  onTestFinished(() => s3.stop());
  for (const [env, objects] of [
    [{}, 0],
    [s3.env(), 1],
  ] as const) {
    const { store, said } = await open(env);
    const received = await receive(store);
    await received.prepare(forever);
    await received.keep();
    expect(await store.sizeOf(received.sha256)).toBe(5);
    expect(await s3.objects()).toHaveLength(objects);
    expect(said()).toEqual([]);
  }
});

test("settings that are not complete end the start with their names", async () => {
  await expect(open({ SLIPWAY_REGISTRY_S3_BUCKET: "models" })).rejects.toThrow("SLIPWAY_REGISTRY_S3_ACCESS_KEY_ID");
});

test("a bucket that cannot be used ends no start, is said in the log, and without the secret", async () => {
  const { said } = await open({
    SLIPWAY_REGISTRY_S3_BUCKET: "models",
    SLIPWAY_REGISTRY_S3_ENDPOINT: "http://127.0.0.1:9",
    SLIPWAY_REGISTRY_S3_ACCESS_KEY_ID: "key",
    SLIPWAY_REGISTRY_S3_SECRET_ACCESS_KEY: SECRET,
  });
  await until(() => said().length > 0, { timeoutMs: 10_000, what: "it is said" });
  expect(said()).toEqual([
    [{ err: expect.objectContaining({ code: "registry/s3_unreachable" }) }, "the registry's bucket cannot be used"],
  ]);
  expect(JSON.stringify(said())).not.toContain(SECRET);
});
