import fc from "fast-check";
import { expect, test } from "vitest";
import { changesBetween, fieldOf, getIn, isEqual, setIn, type Tree } from "./manifest-value.ts";
import { mergeSides, resolveMerge } from "./merge-sides.ts";

const leaf = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom("a", "b", "c"), fc.boolean());
const inner = fc.dictionary(fc.constantFrom("x", "y", "z.dotted"), leaf, { minKeys: 1 });
const tree = fc.record({ one: inner, two: inner, list: fc.array(inner, { minLength: 1, maxLength: 1 }), flat: leaf });
const SPEC: Tree = {
  spec: { scaling: { replicas: 1 }, limits: { timeout: "30s" }, variants: [{ model: { uri: "a" } }] },
};

test("changes of different fields are both kept, and nothing is asked", () => {
  const theirs = setIn(SPEC, ["spec", "limits", "timeout"], "1m");
  const mine = setIn(SPEC, ["spec", "variants", 0, "model", "uri"], "b");
  const { merged, conflicts } = mergeSides(SPEC, theirs, mine);
  expect(conflicts).toEqual([]);
  expect(merged).toEqual({
    spec: { scaling: { replicas: 1 }, limits: { timeout: "1m" }, variants: [{ model: { uri: "b" } }] },
  });
});

test("a field that both changed is asked for with all three sides, and the choice decides", () => {
  const path = ["spec", "scaling", "replicas"];
  const merge = mergeSides(SPEC, setIn(SPEC, path, 2), setIn(SPEC, path, 5));
  expect(merge.conflicts).toEqual([{ path, base: 1, theirs: 2, mine: 5 }]);
  expect(resolveMerge(merge, {})).toBeNull();
  expect(getIn(resolveMerge(merge, { "spec.scaling.replicas": "mine" }), path)).toBe(5);
  expect(getIn(resolveMerge(merge, { "spec.scaling.replicas": "theirs" }), path)).toBe(2);
});

test("a whole that one side took away and a part that the other changed is one question", () => {
  const theirs = setIn(SPEC, ["spec", "limits"], "none");
  const mine = setIn(SPEC, ["spec", "limits", "timeout"], "1m");
  expect(mergeSides(SPEC, theirs, mine).conflicts.map(({ path }) => fieldOf(path))).toEqual(["spec.limits"]);
});

test("both sides wanting the same is no conflict; a side that changed nothing loses nothing", () => {
  fc.assert(
    fc.property(tree, tree, (base, changed) => {
      expect(mergeSides(base, changed, changed)).toEqual({ merged: changed, conflicts: [] });
      const onlyTheirs = mergeSides(base, changed, base);
      const onlyMine = mergeSides(base, base, changed);
      expect([onlyTheirs.conflicts, onlyMine.conflicts]).toEqual([[], []]);
      expect([isEqual(onlyTheirs.merged, changed), isEqual(onlyMine.merged, changed)]).toEqual([true, true]);
    }),
  );
});

test("no change of either side is lost: it is in the merge, or it is asked about", () => {
  fc.assert(
    fc.property(tree, tree, tree, (base, theirs, mine) => {
      const merge = mergeSides(base, theirs, mine);
      const asked = new Set(merge.conflicts.map(({ path }) => fieldOf(path)));
      const isAsked = (path: readonly (string | number)[]) =>
        path.some((_, at) => asked.has(fieldOf(path.slice(0, at + 1))));
      for (const { path, after } of changesBetween(base, mine)) {
        if (!isAsked(path)) expect(getIn(merge.merged, path)).toEqual(after);
      }
      for (const { path, after } of changesBetween(base, theirs)) {
        if (!isAsked(path)) expect(getIn(merge.merged, path)).toEqual(after);
      }
      const mineAll = resolveMerge(merge, Object.fromEntries([...asked].map((field) => [field, "mine"] as const)));
      for (const { path, after } of changesBetween(base, mine)) expect(isEqual(getIn(mineAll, path), after)).toBe(true);
    }),
  );
});
