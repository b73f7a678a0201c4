import { clientName } from "@slipway/contracts";
import { expect, test } from "vitest";
import { clientNameProblem, endingSoon, expiryWords, scopeWords, untilNextEnd } from "./token-state.ts";

const now = Date.parse("2026-01-10T00:00:00.000Z");
const DAY_MS = 86_400_000;
const ends = (days: number) => new Date(now + days * DAY_MS).toISOString();

test("an expiry is said in the unit that fits", () => {
  expect(expiryWords(null, now)).toBe("never");
  expect(expiryWords("2026-01-10T00:20:00.000Z", now)).toBe("in 20 min");
  expect(expiryWords("2026-01-10T03:00:00.000Z", now)).toBe("in 3 h");
  // A token of two days has lost a moment of them when it is first seen.
  expect(expiryWords("2026-01-11T23:59:58.000Z", now)).toBe("in 2 days");
  expect(expiryWords("2026-04-10T00:00:00.000Z", now)).toBe("in 90 days");
  expect(expiryWords("2026-01-09T00:00:00.000Z", now)).toBe("over");
});

test("a notice is for tokens that run out within a week and have no newer one in their place", () => {
  const tokens = [
    { id: "soon", state: "valid", expiresAt: ends(7) },
    { id: "later", state: "valid", expiresAt: ends(7.1) },
    { id: "never", state: "valid", expiresAt: null },
    { id: "replaced", state: "ending", expiresAt: ends(1) },
    { id: "over", state: "expired", expiresAt: ends(-1) },
  ] as const;
  expect(endingSoon(tokens, now).map(({ id }) => id)).toEqual(["soon"]);
});

test("the list is read again when the next token ends, and not for those that ended", () => {
  const over = { state: "expired", expiresAt: ends(-1) } as const;
  expect(untilNextEnd([over, { state: "valid", expiresAt: null }], now)).toBeNull();
  expect(
    untilNextEnd([over, { state: "ending", expiresAt: ends(1) }, { state: "valid", expiresAt: ends(2) }], now),
  ).toBe(DAY_MS);
  expect(untilNextEnd([{ state: "valid", expiresAt: ends(-1) }], now)).toBe(1_000);
  expect(untilNextEnd([{ state: "valid", expiresAt: ends(90) }], now)).toBe(2 ** 31 - 1);
});

test("a scope is said in words", () => {
  expect(scopeWords(["infer", "metadata"])).toBe("Inference and metadata");
  expect(scopeWords(["metadata"])).toBe("Metadata only");
});

test("a name that the API refuses is refused while it is typed, and no other", () => {
  for (const name of ["shop", "_a", "a-b_c9", "Shop", "9a", "-a", "a b", "é", "shop!", "a.b"]) {
    expect(clientNameProblem(name, []) === "", name).toBe(clientName.safeParse(name).success);
  }
  expect(clientNameProblem("", [])).toBe("");
  expect(clientNameProblem("shop", ["shop"])).toContain("has a token already");
});
