import { type Clock, systemClock } from "@slipway/service-kit";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { deployment } from "../testing/domain-fixture.ts";
import { createManifestDesk, MANIFESTS_WAITING } from "./manifest-desk.ts";

const never = new AbortController().signal;
const lines = (count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => line(n)).join("\n");
/** As much as a text may hold, so that to read it takes a while. */
const LARGE = lines(10_000, (n) => `k${n}: 1`);

/** A clock by which nothing ever takes too long, so that no test depends on the machine's speed. */
const patient: Clock = { ...systemClock, after: () => () => undefined };

const shared = createManifestDesk({ clock: patient });
const { read, waiting } = shared;
beforeAll(() => shared.start(never));
afterAll(() => shared.stop(never));

test("manifests come back from their thread as they were written, with their places", async () => {
  const [one, two, ...others] = await read(`${deployment("iris")}\n---\n${deployment("wine")}`, never);
  expect(others).toEqual([]);
  expect(one?.manifest.metadata.name).toBe("iris");
  expect(two?.places.get("metadata.name")).toEqual({ line: 10, column: 19 });
});

test.each([
  ["keys", lines(60_000, (n) => `k${n}: 1`)],
  ["keys of a flow map", `{${lines(80_000, (n) => `k${n}: 1,`)}}`],
  ["anchors", lines(40_000, (n) => `k${n}: &a${n} 1`)],
  ["aliases", `a: &x 1\n${lines(40_000, (n) => `k${n}: *x`)}`],
  ["empty lines", "\n".repeat(1_048_575)],
  ["unknown fields", LARGE],
])("a text below the limit of bytes that once froze the process is a list of problems: %s", async (_name, text) => {
  await expect(read(text, never)).rejects.toMatchObject({
    code: "manifest/invalid",
    problems: expect.arrayContaining([expect.objectContaining({ field: expect.any(String) })]),
  });
});

test("the process does other things while a text is read", async () => {
  let isRead = false;
  const reading = read(LARGE, never).catch(() => {
    isRead = true;
  });
  let turns = 0;
  while (!isRead) {
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
  }
  await reading;
  // Read in place, it would have been over at the first turn.
  expect(turns).toBeGreaterThan(10);
});

test("a text that takes too long is given up and the next one is read", async () => {
  let isShort = true;
  const desk = createManifestDesk({
    clock: { ...systemClock, after: (_ms, call) => (isShort ? systemClock.after(0, call) : () => undefined) },
  });
  onTestFinished(() => desk.stop(never));
  await expect(desk.read(LARGE, never)).rejects.toMatchObject({ code: "manifest/too_costly" });
  isShort = false;
  expect(await desk.read(deployment("iris"), never)).toHaveLength(1);
});

test("texts wait up to a limit, and what waits for a sender who has left is not read", async () => {
  const leaving = new AbortController();
  const abandoned = Array.from({ length: MANIFESTS_WAITING + 2 }, () => read(LARGE, leaving.signal));
  const ends = Promise.allSettled(abandoned);
  await expect(read(LARGE, never)).rejects.toMatchObject({ code: "manifest/too_many" });
  leaving.abort(new Error("left"));
  for (const end of await ends) expect(end).toMatchObject({ status: "rejected", reason: { message: "left" } });
  expect(waiting()).toBe(0);
  expect(await read(deployment("iris"), never)).toHaveLength(1);
});

test("what is read or waits when the process stops ends", async () => {
  const desk = createManifestDesk({ clock: patient });
  const ends = Promise.allSettled([1, 2, 3, 4].map(() => desk.read(LARGE, never)));
  await desk.stop(never);
  for (const end of await ends) expect(end).toMatchObject({ status: "rejected" });
});
