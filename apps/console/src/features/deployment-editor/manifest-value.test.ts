import fc from "fast-check";
import { expect, test } from "vitest";
import { changesBetween, getIn, isEqual, setIn, type Tree } from "./manifest-value.ts";

const key = fc.constantFrom("a", "b", "c.d", "e");
const value = fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.boolean());
const tree = fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value, { minKeys: 1 })));
const path = fc.array(key, { minLength: 1, maxLength: 3 });

test("what is put at a path stands there, and nothing beside it changes", () => {
  fc.assert(
    fc.property(tree, path, value, (before, at, put) => {
      const after = setIn(before, at, put);
      expect(getIn(after, at)).toBe(put);
      for (const { path: changed } of changesBetween(before, after)) {
        expect([changed.join("/").startsWith(at[0] ?? ""), changed[0]]).toEqual([true, at[0]]);
      }
    }),
  );
});

test("what is taken away is gone with whatever is empty then", () => {
  const before: Tree = { spec: { resources: { memory: "1Gi" } } };
  expect(setIn(before, ["spec", "resources", "memory"], undefined)).toEqual({});
  expect(setIn({ list: [{ a: 1, b: 2 }] }, ["list", 0, "a"], undefined)).toEqual({ list: [{ b: 2 }] });
});

test("putting every difference of two values into the first gives the second", () => {
  fc.assert(
    fc.property(tree, tree, (before, after) => {
      const built = changesBetween(before, after).reduce<Tree>((sum, one) => setIn(sum, one.path, one.after), before);
      expect(isEqual(built, after)).toBe(true);
    }),
  );
});

test("an empty object equals none, for a manifest means the same by both", () => {
  expect(isEqual({ metadata: { labels: {} } }, { metadata: {} })).toBe(true);
  expect(isEqual([1, 2], [1, 2])).toBe(true);
  expect(isEqual([1], [1, 2])).toBe(false);
});
