import { SlipwayError } from "@slipway/contracts";
import type * as z from "zod";

/** Where a page of a list ends, as one text that fits into a URL. */
export function writePosition(at: readonly string[]): string {
  return Buffer.from(JSON.stringify(at)).toString("base64url");
}

/** What `writePosition` was given. @throws request/invalid for a text that no list gave */
export function readPosition<Position>(schema: z.ZodType<Position>, text: string): Position {
  try {
    return schema.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch (error) {
    throw new SlipwayError(
      "request/invalid",
      { problem: "The place to go on from is not one that a list gave." },
      { cause: error, field: "after" },
    );
  }
}
