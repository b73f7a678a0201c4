import type { ClientTokenView } from "@slipway/contracts";

/** Whether a token opens the door now. */
export type TokenState = "valid" | "expired" | "revoked";

/** The state of a token at a time; one that was revoked stays so after its expiry. */
export function tokenStateOf({ expiresAt, revokedAt }: ClientTokenView, nowMs: number): TokenState {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && Date.parse(expiresAt) <= nowMs ? "expired" : "valid";
}

/** `in 90 days`, `in 3 h`, `never` */
export function expiryWords(expiresAt: string | null, nowMs: number): string {
  if (expiresAt === null) return "never";
  const hours = (Date.parse(expiresAt) - nowMs) / 3_600_000;
  if (hours <= 0) return "over";
  if (hours < 48) return `in ${Math.max(1, Math.round(hours))} h`;
  return `in ${Math.round(hours / 24)} days`;
}
