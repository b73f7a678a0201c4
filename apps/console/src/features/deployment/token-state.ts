import type { ClientTokenView, TokenMethod } from "@slipway/contracts";

const HOUR_MS = 3_600_000;
/** A token that ends sooner than this is worth a notice. */
const NOTICE_MS = 7 * 24 * HOUR_MS;
/** Timers cannot wait longer. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Whether a call with it is admitted at the moment. */
export function isGood({ state }: Pick<ClientTokenView, "state">): boolean {
  return state === "valid" || state === "ending";
}

/** The tokens that callers depend on and that run out within a week: those with no newer one in their place. */
export function endingSoon<Token extends Pick<ClientTokenView, "state" | "expiresAt">>(
  tokens: readonly Token[],
  nowMs: number,
): Token[] {
  return tokens.filter(
    ({ state, expiresAt }) => state === "valid" && expiresAt !== null && Date.parse(expiresAt) - nowMs <= NOTICE_MS,
  );
}

/** Milliseconds until the next token ends, when the list has to be read again; null when none does. */
export function untilNextEnd(
  tokens: readonly Pick<ClientTokenView, "state" | "expiresAt">[],
  nowMs: number,
): number | null {
  const ends = tokens.flatMap((token) =>
    isGood(token) && token.expiresAt !== null ? [Date.parse(token.expiresAt)] : [],
  );
  if (ends.length === 0) return null;
  return Math.min(Math.max(1_000, Math.min(...ends) - nowMs), LONGEST_WAIT_MS);
}

/** `in 90 days`, `in 3 h`, `in 20 min`, `never` */
export function expiryWords(expiresAt: string | null, nowMs: number): string {
  if (expiresAt === null) return "never";
  const hours = (Date.parse(expiresAt) - nowMs) / HOUR_MS;
  if (hours <= 0) return "over";
  if (hours < 1) return `in ${Math.max(1, Math.round(hours * 60))} min`;
  if (Math.round(hours) < 48) return `in ${Math.round(hours)} h`;
  return `in ${Math.round(hours / 24)} days`;
}

const METHOD_WORDS: Readonly<Record<TokenMethod, string>> = { infer: "Inference", metadata: "Metadata" };

/** `Inference and metadata`, `Metadata only` */
export function scopeWords(methods: readonly TokenMethod[]): string {
  const [first, second] = methods;
  if (first === undefined) return "Nothing";
  return second === undefined
    ? `${METHOD_WORDS[first]} only`
    : `${METHOD_WORDS[first]} and ${METHOD_WORDS[second].toLowerCase()}`;
}

const NAME = /^[a-z_][a-z0-9_-]*$/;

/** What is wrong with a client's name while it is typed, as the API will say it; empty when nothing is. */
export function clientNameProblem(name: string, taken: readonly string[]): string {
  if (name === "") return "";
  if (!NAME.test(name))
    return "Begin with a lower-case letter or _, and go on with lower-case letters, digits, _ or -.";
  if (taken.includes(name)) return `${name} has a token already: rotate it, or choose another name.`;
  return "";
}
