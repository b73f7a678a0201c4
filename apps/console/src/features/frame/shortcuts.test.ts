import { expect, test } from "vitest";
import { keyWords, matchPress, type Press, SHORTCUTS, type Where } from "./shortcuts.ts";

const HERE: Where = { areSingleKeysOn: true };
const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  hasMod: false,
  hasAlt: false,
  isTyping: false,
  isCovered: false,
  ...more,
});
const actionOf = (key: string, more: Partial<Press> = {}, where = HERE) =>
  matchPress([], press(key, more), where).action;

test("a key does what the list says, and a pair only one after the other", () => {
  expect(actionOf("?")).toEqual({ do: "help" });
  const begun = matchPress([], press("g"), HERE);
  expect(begun).toEqual({ action: null, pending: ["g"] });
  expect(matchPress(begun.pending, press("s"), HERE)).toEqual({ action: { do: "go", path: "/servers" }, pending: [] });
  expect(actionOf("s")).toBeNull();
  expect(actionOf("n")).toEqual({ do: "new" });
});

test("a key that does not go on with a pair begins anew", () => {
  expect(matchPress(["g"], press("?"), HERE).action).toEqual({ do: "help" });
  expect(matchPress(["g"], press("x"), HERE)).toEqual({ action: null, pending: [] });
  expect(matchPress(["g"], press("g"), HERE).pending).toEqual(["g"]);
});

test("what is typed into a field or a dialog is never a shortcut, but Control+K is everywhere", () => {
  for (const more of [{ isTyping: true }, { isCovered: true }]) {
    for (const key of ["?", "/", "g", "Escape"]) expect(actionOf(key, more)).toBeNull();
    expect(actionOf("k", { ...more, hasMod: true })).toEqual({ do: "palette" });
  }
  expect(actionOf("?", { hasAlt: true })).toBeNull();
  expect(actionOf("/", { hasMod: true })).toBeNull();
});

test("switched off, no single key does anything; Escape and Control+K still do", () => {
  const off: Where = { areSingleKeysOn: false };
  for (const { keys } of SHORTCUTS) {
    const [key = ""] = keys;
    if (key.startsWith("Mod+") || key === "Escape") continue;
    expect(matchPress([], press(key), off)).toEqual({ action: null, pending: [] });
  }
  expect(actionOf("k", { hasMod: true }, off)).toEqual({ do: "palette" });
  expect(actionOf("Escape", {}, off)).toEqual({ do: "back" });
});

test("no two shortcuts are the same keys, and none hides a longer one", () => {
  const texts = SHORTCUTS.map(({ keys }) => keys.join(" "));
  expect(new Set(texts).size).toBe(texts.length);
  for (const text of texts) expect(texts.filter((other) => other.startsWith(`${text} `))).toEqual([]);
  expect(["Mod+k", "Escape", "g"].map(keyWords)).toEqual(["Ctrl K", "Esc", "g"]);
});
