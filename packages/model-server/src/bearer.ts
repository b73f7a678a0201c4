import { timingSafeEqual } from "node:crypto";

/** Whether a value of the authorization header carries the secret; its time tells nothing but the header's length. */
export type BearerCheck = (header: string | undefined) => boolean;

/** Without a secret everybody may call. */
export function createBearerCheck(secret: string | null): BearerCheck {
  if (secret === null) return () => true;
  const expected = Buffer.from(`Bearer ${secret}`);
  return (header) => {
    if (header === undefined) return false;
    const given = Buffer.from(header);
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}
