import { createHmac, timingSafeEqual } from "node:crypto";
import { SlipwayError } from "@slipway/contracts";
import * as z from "zod";
import type { CallContext } from "../trpc.ts";

const MAC_BYTES = 16;

/** A cursor as it comes back from a caller. */
export const cursorInput = z.string().max(1_100).exactOptional().describe("`next` of the page before");

type Signer = Pick<CallContext, "tokenKey">;

/**
 * Reads a page whose place somebody may name. What is given out as `next` is signed for its list, so that a place which this
 * platform did not give for this very list is refused before anything reads it.
 * @throws request/invalid
 */
export async function signedPage<Page extends { next: string | null }>(
  ctx: Signer,
  { list, after }: { list: string; after: string | undefined },
  read: (place: { after?: string }) => Promise<Page>,
): Promise<Page> {
  const page = await read(after === undefined ? {} : { after: openCursor(ctx, list, after, "after") });
  return { ...page, next: page.next === null ? null : sealCursor(ctx, list, page.next) };
}

/** A place in a list as its readers get it. */
export function sealCursor(ctx: Signer, list: string, place: string): string {
  return `${place}.${macOf(ctx, list, place).toString("base64url")}`;
}

/** The place that `sealCursor` was given. @throws request/invalid for a text that this list did not give */
export function openCursor(ctx: Signer, list: string, text: string, field: string): string {
  const at = text.lastIndexOf(".");
  const place = text.slice(0, Math.max(0, at));
  const given = Buffer.from(text.slice(at + 1), "base64url");
  if (at > 0 && given.length === MAC_BYTES && timingSafeEqual(given, macOf(ctx, list, place))) return place;
  const problem = "The place to go on from is not one that this list gave.";
  throw new SlipwayError("request/invalid", { problem }, { field });
}

/** With a key of its own, so that no signature of a cursor is one of anything else. */
function macOf({ tokenKey }: Signer, list: string, place: string): Buffer {
  const key = createHmac("sha256", tokenKey).update("slipway cursors").digest();
  return createHmac("sha256", key).update(`${list}\n${place}`).digest().subarray(0, MAC_BYTES);
}
