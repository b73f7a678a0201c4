import { expect, test } from "vitest";
import { expiryWords, tokenStateOf } from "./token-state.ts";

const now = Date.parse("2026-01-10T00:00:00.000Z");
const token = {
  client: "shop",
  deployment: "iris",
  hint: "slw_abcd…wxyz",
  createdAt: "2026-01-01T00:00:00.000Z",
  expiresAt: "2026-01-10T00:00:00.000Z",
  revokedAt: null,
  lastUsedAt: null,
  calls: 0,
};

test("a token ends in the moment of its expiry, and a revoked one stays revoked", () => {
  expect(tokenStateOf(token, now - 1)).toBe("valid");
  expect(tokenStateOf(token, now)).toBe("expired");
  expect(tokenStateOf({ ...token, revokedAt: "2026-01-02T00:00:00.000Z" }, now)).toBe("revoked");
  expect(tokenStateOf({ ...token, expiresAt: null }, now)).toBe("valid");
});

test("an expiry is said in the unit that fits", () => {
  expect(expiryWords(null, now)).toBe("never");
  expect(expiryWords("2026-01-10T03:00:00.000Z", now)).toBe("in 3 h");
  expect(expiryWords("2026-04-10T00:00:00.000Z", now)).toBe("in 90 days");
  expect(expiryWords("2026-01-09T00:00:00.000Z", now)).toBe("over");
});
