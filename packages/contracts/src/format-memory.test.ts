import { expect, test } from "vitest";
import { formatMemory } from "./format-memory.ts";

test("bytes are said in the unit that fits, with one decimal at most", () => {
  expect([0, 1023, 1024, 1536, 250 * 2 ** 20, 1.5 * 2 ** 30, 2 ** 52].map(formatMemory)).toEqual([
    "0 bytes",
    "1023 bytes",
    "1 KiB",
    "1.5 KiB",
    "250 MiB",
    "1.5 GiB",
    "4096 TiB",
  ]);
});
