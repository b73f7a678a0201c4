import { expect, test } from "vitest";
import { foldNeedle, indexOfFolded } from "./folded-search.ts";

/** Numbers that look random and are the same each time. */
function* numbers(): Generator<number> {
  for (let state = 7; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

test("every place of a text is found, whatever the case, as a comparison letter by letter finds it", () => {
  const random = numbers();
  const text = (length: number) =>
    Array.from({ length }, () => "aAbB\n{é"[Math.floor((random.next().value ?? 0) * 7)]).join("");
  for (let turn = 0; turn < 300; turn += 1) {
    const bytes = Buffer.from(text(200), "latin1");
    const wanted = text(1 + (turn % 4)).replaceAll("é", "a");
    const needle = foldNeedle(wanted);
    const plain = bytes.toString("latin1").toLowerCase();
    for (let from = 0; from < 200; from += 17) {
      expect(indexOfFolded(bytes, needle, from)).toBe(plain.indexOf(wanted.toLowerCase(), from));
    }
  }
});
