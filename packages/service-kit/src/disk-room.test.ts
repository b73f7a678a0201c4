import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { diskRoom } from "./disk-room.ts";

test("there is room while the reserve is left, and none for what would reach into it", async () => {
  const room = diskRoom(tmpdir(), 0);
  expect(await room.shortage()).toBeNull();
  expect(await room.shortage(2 ** 52)).toEqual({ freeBytes: expect.any(Number), reserveBytes: 0 });
  const reserveBytes = 2 ** 52;
  expect(await diskRoom(tmpdir(), reserveBytes).shortage()).toEqual({ freeBytes: expect.any(Number), reserveBytes });
});

test("a disk that does not say how much room it has refuses nothing", async () => {
  expect(await diskRoom("/nowhere/at/all", 1).shortage()).toBeNull();
});
