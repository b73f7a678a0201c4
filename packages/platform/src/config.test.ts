import { dataDirLayout } from "@slipway/service-kit";
import { expect, test } from "vitest";
import { CHECKOUT, platformConfig } from "./config.ts";
import { childSpecs } from "./processes/child-specs.ts";

test("without any setting the data lies in the checkout and models may lie where the start was called", () => {
  const config = platformConfig({ PATH: "/bin", INIT_CWD: "/models/mine" }, "/elsewhere");
  expect(config.dataDir).toBe(`${CHECKOUT}/.slipway`);
  expect(config.ports).toEqual({ console: 7070, gateway: 7080, gatewayGrpc: 7081 });
  expect(config.modelRoots).toContain("/models/mine");
  expect(config.demo).toBe(true);
});

test("folders that models may lie in add to the examples, and the data directory is left out of all of them", () => {
  const roots = (env: Record<string, string>) => platformConfig(env, "/anywhere").modelRoots;
  expect(roots({ SLIPWAY_MODEL_ROOTS: "/models:/more", SLIPWAY_DATA_DIR: "/models/data" })).toEqual([
    "/models",
    "/more",
    `${CHECKOUT}/examples`,
    "!/models/data",
  ]);
  expect(roots({})).toEqual(expect.arrayContaining([CHECKOUT, `!${CHECKOUT}/.slipway`]));
  expect(roots({ SLIPWAY_DATA_DIR: "here" })).toContain("!/anywhere/here");
});

test("all wrong settings are told at once, without their values", () => {
  const env = { SLIPWAY_CONSOLE_PORT: "70000", SLIPWAY_DEMO: "maybe", DATABASE_URL: "mysql://secret" };
  const message = () => platformConfig(env, "/");
  expect(message).toThrow(/SLIPWAY_CONSOLE_PORT[\s\S]*SLIPWAY_DEMO[\s\S]*DATABASE_URL/);
  expect(message).not.toThrow(/secret/);
});

test("a bucket's settings are handed on to the console alone, and named when they are not complete", () => {
  const bucket = { SLIPWAY_REGISTRY_S3_BUCKET: "models", SLIPWAY_REGISTRY_S3_ENDPOINT: "http://127.0.0.1:9000" };
  expect(() => platformConfig(bucket, "/")).toThrow(/SLIPWAY_REGISTRY_S3_ACCESS_KEY_ID[\s\S]*_SECRET_ACCESS_KEY/);
  const keys = { SLIPWAY_REGISTRY_S3_ACCESS_KEY_ID: "key", SLIPWAY_REGISTRY_S3_SECRET_ACCESS_KEY: "x" };
  const config = platformConfig({ ...bucket, ...keys }, "/data");
  expect(config.registryS3).toEqual({ ...bucket, ...keys });
  const ports = { console: 1, gateway: 2, gatewayGrpc: 3, postgres: 4, schedulers: [5] };
  const { console, gateway, schedulers } = childSpecs(config, dataDirLayout("/data"), ports, "postgresql://unused");
  expect(console.env).toMatchObject({ ...bucket, ...keys });
  for (const { env } of [gateway, ...schedulers]) expect(JSON.stringify(env)).not.toMatch(/REGISTRY_(S3|DIR)/);
  expect(schedulers[0]?.env).toMatchObject({ SLIPWAY_REGISTRY_URL: "http://127.0.0.1:1" });
});

test("the processes inherit where programs are, and neither secrets nor proxies, which may hold credentials, of the caller's environment", () => {
  const { inherited } = platformConfig(
    { PATH: "/bin", HTTPS_PROXY: "http://me:secret@proxy", AWS_SECRET_ACCESS_KEY: "x", NODE_OPTIONS: "y" },
    "/",
  );
  expect(inherited).toMatchObject({ PATH: "/bin" });
  for (const key of ["HTTPS_PROXY", "AWS_SECRET_ACCESS_KEY", "NODE_OPTIONS"]) expect(inherited).not.toHaveProperty(key);
});
