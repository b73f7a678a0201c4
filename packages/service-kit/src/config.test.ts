import { describe, expect, test } from "vitest";
import * as z from "zod";
import { ConfigError, configTable, count, flag, port, readConfig, setting } from "./config.ts";

const settings = {
  port: setting("X_PORT", port.default(8080), "Where it listens"),
  secret: setting("X_SECRET", z.string().min(8), "Shared by the processes"),
  verbose: setting("X_VERBOSE", flag.optional(), "Says more"),
  limit: setting("X_LIMIT", count.default(3), "How many at once", "requests"),
};

describe("reading a process's configuration", () => {
  test("gives typed values, with defaults for what is unset or empty", () => {
    const config = readConfig(settings, { X_SECRET: "long enough", X_PORT: "", X_VERBOSE: "1" });
    expect(config).toEqual({ port: 8080, secret: "long enough", verbose: true, limit: 3 });
  });

  test("names every problem at once, by variable, and never quotes a value", () => {
    const read = () => readConfig(settings, { X_PORT: "99999", X_SECRET: "hunter2", X_LIMIT: "-1" });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/X_PORT.*\n.*X_SECRET.*\n.*X_LIMIT/);
    expect(read).not.toThrow(/hunter2|99999/);
  });

  test("says that a missing variable is required", () => {
    expect(() => readConfig(settings, {})).toThrow("X_SECRET: is required (Shared by the processes)");
  });
});

test("the table of a README has a row for each setting with default, unit and meaning", () => {
  expect(configTable(settings).split("\n").slice(2)).toEqual([
    "| `X_PORT` | `8080` |  | Where it listens |",
    "| `X_SECRET` | required |  | Shared by the processes |",
    "| `X_VERBOSE` | unset |  | Says more |",
    "| `X_LIMIT` | `3` | requests | How many at once |",
  ]);
});
