import { SlipwayError } from "@slipway/contracts";

/** A place in the change feed, `<epoch>:<xid>:<seq>`: everything up to it has been seen. Opaque to everybody else. */
export type Cursor = string;

export type Place = { epoch: string; xid: string; seq: string };

const CURSOR = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):(\d{1,20}):(\d{1,19})$/;

export function formatCursor(place: Place): Cursor {
  return `${place.epoch}:${place.xid}:${place.seq}`;
}

/** @throws feed/cursor_expired for a text that no feed ever gave out */
export function parseCursor(cursor: Cursor): Place {
  const [, epoch, xid, seq] = CURSOR.exec(cursor) ?? [];
  if (epoch === undefined || xid === undefined || seq === undefined) throw new SlipwayError("feed/cursor_expired", {});
  return { epoch, xid, seq };
}
