import { statfs } from "node:fs/promises";
import * as z from "zod";
import { setting } from "./config.ts";

/** How much room the disk has, and how much of it is kept for what must go on. */
export type Shortage = { freeBytes: number; reserveBytes: number };

/** Says whether a disk has room for what may be refused: uploads, new revisions, history. */
export type DiskRoom = {
  /** null while `neededBytes` can be taken and the reserve is left, or when the disk does not say how much room it has. */
  shortage(neededBytes?: number): Promise<Shortage | null>;
};

/** The setting of a process that takes in what may be refused. */
export const diskReserve = setting(
  "SLIPWAY_DISK_RESERVE_BYTES",
  z.coerce
    .number()
    .int()
    .min(0)
    .default(64 * 1024 * 1024),
  "Free space that uploads, new revisions and history leave on the disk; 0 = none",
  "bytes",
);

/**
 * The room of the disk that a folder lies on. What is kept lets the database, logs and state files go on while somebody makes
 * room, so that nothing that was accepted is lost.
 */
export function diskRoom(folder: string, reserveBytes: number): DiskRoom {
  return {
    async shortage(neededBytes = 0) {
      const freeBytes = await statfs(folder).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => Number.POSITIVE_INFINITY,
      );
      return freeBytes - neededBytes >= reserveBytes ? null : { freeBytes, reserveBytes };
    },
  };
}
