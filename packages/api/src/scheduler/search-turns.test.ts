import { expect, test } from "vitest";
import { SearchTurns } from "./search-turns.ts";

const never = new AbortController().signal;

/** Searches that end when the test says so. */
function searches() {
  const turns = new SearchTurns();
  const ends = new Map<string, () => void>();
  const begun: string[] = [];
  return {
    begun,
    end: (name: string) => ends.get(name)?.(),
    search: (caller: string, name: string, signal = never) =>
      turns.take(caller, signal, () => {
        begun.push(name);
        return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
      }),
  };
}

test("each caller searches once at a time, in the order asked, and waits for nobody else", async () => {
  const { begun, end, search } = searches();
  const first = search("ada", "first");
  const second = search("ada", "second");
  const other = search("bob", "other");
  expect(begun).toEqual(["first", "other"]);
  end("first");
  expect(await first).toBe("first");
  expect(begun).toEqual(["first", "other", "second"]);
  end("second");
  end("other");
  expect([await second, await other]).toEqual(["second", "other"]);
});

test("a caller who asks for ever more is refused, and another is not", async () => {
  const { begun, search } = searches();
  for (let n = 0; n < 7; n += 1) search("ada", `${n}`).catch(() => undefined);
  await expect(search("ada", "one more")).rejects.toMatchObject({ code: "logs/too_many_searches" });
  void search("bob", "other");
  expect(begun).toEqual(["0", "other"]);
});

test("who leaves while waiting takes no turn", async () => {
  const { begun, end, search } = searches();
  const leaving = new AbortController();
  const first = search("ada", "first");
  const left = search("ada", "left", leaving.signal);
  const third = search("ada", "third");
  leaving.abort(new Error("left"));
  await expect(left).rejects.toThrow("left");
  end("first");
  await first;
  expect(begun).toEqual(["first", "third"]);
  end("third");
  await third;
  const again = search("ada", "again");
  end("again");
  expect(await again).toBe("again");
});
