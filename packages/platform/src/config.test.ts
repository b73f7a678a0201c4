import { expect, test } from "vitest";
import { CHECKOUT, platformConfig } from "./config.ts";

test("without any setting the data lies in the checkout and models may lie where the start was called", () => {
  const config = platformConfig({ PATH: "/bin", INIT_CWD: "/models/mine" }, "/elsewhere");
  expect(config.dataDir).toBe(`${CHECKOUT}/.slipway`);
  expect(config.ports).toEqual({ console: 7070, gateway: 7080, gatewayGrpc: 7081 });
  expect(config.modelRoots).toContain("/models/mine");
  expect(config.demo).toBe(true);
});

test("all wrong settings are told at once, without their values", () => {
  const env = { SLIPWAY_CONSOLE_PORT: "70000", SLIPWAY_DEMO: "maybe", DATABASE_URL: "mysql://secret" };
  const message = () => platformConfig(env, "/");
  expect(message).toThrow(/SLIPWAY_CONSOLE_PORT[\s\S]*SLIPWAY_DEMO[\s\S]*DATABASE_URL/);
  expect(message).not.toThrow(/secret/);
});

test("the processes inherit where programs are, and neither secrets nor proxies, which may hold credentials, of the caller's environment", () => {
  const { inherited } = platformConfig(
    { PATH: "/bin", HTTPS_PROXY: "http://me:secret@proxy", AWS_SECRET_ACCESS_KEY: "x", NODE_OPTIONS: "y" },
    "/",
  );
  expect(inherited).toMatchObject({ PATH: "/bin" });
  for (const key of ["HTTPS_PROXY", "AWS_SECRET_ACCESS_KEY", "NODE_OPTIONS"]) expect(inherited).not.toHaveProperty(key);
});
