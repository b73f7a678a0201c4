import { expect, test } from "vitest";
import { configTable, readConfig } from "./config.ts";
import { registryS3Of, registryS3Settings } from "./registry-s3.ts";

const SECRET = "a-secret-that-nobody-may-read";
const KEYS = { SLIPWAY_REGISTRY_S3_ACCESS_KEY_ID: "key", SLIPWAY_REGISTRY_S3_SECRET_ACCESS_KEY: SECRET };
const read = (env: Record<string, string>) => registryS3Of(readConfig(registryS3Settings, env));

test("without any setting there is no bucket", () => {
  expect(read({})).toBeNull();
});

test("an endpoint of one's own is spoken to by path, Amazon's by host, and a prefix ends in one slash", () => {
  const minio = {
    SLIPWAY_REGISTRY_S3_BUCKET: "models",
    SLIPWAY_REGISTRY_S3_ENDPOINT: "http://127.0.0.1:9000",
    ...KEYS,
  };
  expect(read({ ...minio, SLIPWAY_REGISTRY_S3_PREFIX: "a/b" })).toEqual({
    ...{ bucket: "models", endpoint: "http://127.0.0.1:9000", region: "us-east-1", prefix: "a/b/" },
    ...{ accessKeyId: "key", secretAccessKey: SECRET, isPathStyle: true },
  });
  const amazon = { SLIPWAY_REGISTRY_S3_BUCKET: "models", SLIPWAY_REGISTRY_S3_REGION: "eu-central-1", ...KEYS };
  expect(read({ ...amazon, SLIPWAY_REGISTRY_S3_PREFIX: "a/" })).toMatchObject({ prefix: "a/", isPathStyle: false });
  expect(read({ ...minio, SLIPWAY_REGISTRY_S3_PATH_STYLE: "0" })).toMatchObject({ prefix: "", isPathStyle: false });
});

test("what is missing beside the rest is named, all at once, and a value never", () => {
  const bucketAlone = () => read({ SLIPWAY_REGISTRY_S3_BUCKET: "models" });
  expect(bucketAlone).toThrow(
    /_ACCESS_KEY_ID: is required[\s\S]*_SECRET_ACCESS_KEY: is required[\s\S]*_REGION: is req/,
  );
  const keysAlone = () => read({ ...KEYS, SLIPWAY_REGISTRY_S3_REGION: "eu-central-1" });
  expect(keysAlone).toThrow(/SLIPWAY_REGISTRY_S3_BUCKET: is required/);
  expect(keysAlone).not.toThrow(SECRET);
  const withPassword = () => read({ ...KEYS, SLIPWAY_REGISTRY_S3_ENDPOINT: `https://me:${SECRET}@store` });
  expect(withPassword).toThrow(/SLIPWAY_REGISTRY_S3_ENDPOINT: must hold no credentials/);
  expect(withPassword).not.toThrow(SECRET);
});

test("the table of settings says which one is a secret", () => {
  expect(configTable(registryS3Settings)).toMatch(
    /SLIPWAY_REGISTRY_S3_SECRET_ACCESS_KEY` \| unset \| {2}\| \*\*Secret\.\*\*/,
  );
});
