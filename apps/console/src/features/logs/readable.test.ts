import { expect, test } from "vitest";
import { markerOf, markText } from "./highlight.ts";
import { readLine } from "./read-line.ts";

const line = (text: string) => ({
  ...{ id: "a:1", source: "a", replica: "a-0", atMs: 1, run: null, level: null, requestId: null },
  ...{ text, isContinued: false },
});

test("a JSON line is read as its message and its fields, without what stands elsewhere", () => {
  const text = JSON.stringify({
    level: "warn",
    time: "t",
    pid: 1,
    requestId: "r",
    model: "m",
    err: { a: 1 },
    msg: "failed",
  });
  expect(readLine(line(text))).toEqual({
    message: "failed",
    fields: [
      ["model", "m"],
      ["err", '{"a":1}'],
    ],
  });
});

test("any other text, and JSON that is cut, stays the text that it is", () => {
  for (const text of ["plain", '{"msg":"ha', "[1]"]) expect(readLine(line(text)).message).toBe(text);
});

test("every place of a search is marked, whatever the case, and a text stays whole", () => {
  const parts = markText("a.B a.b aXb", markerOf({ text: "a.b", isPattern: false, isCaseSensitive: false }));
  expect(parts.filter(({ isMatch }) => isMatch).map(({ text }) => text)).toEqual(["a.B", "a.b"]);
  expect(parts.map(({ text }) => text).join("")).toBe("a.B a.b aXb");
  const pattern = markText("aXb", markerOf({ text: "a.b", isPattern: true, isCaseSensitive: true }));
  expect(pattern).toEqual([{ text: "aXb", isMatch: true, at: 0 }]);
});

test("a pattern that is none, or finds nothing at all, marks nothing", () => {
  expect(markerOf({ text: "(", isPattern: true, isCaseSensitive: false })).toBeNull();
  const empty = markerOf({ text: "x*", isPattern: true, isCaseSensitive: false });
  expect(markText("abc", empty)).toEqual([{ text: "abc", isMatch: false, at: 0 }]);
});
