/** What the authenticator answered: what it was asked for, or why not in the API's own words. */
export type AuthAnswer = { ok: true; body: unknown } | { ok: false; words: string };

const NO_ANSWER = { ok: false, words: "Slipway does not answer. Try again in a moment." } as const;

/** Asks the authenticator of this origin. Never throws. */
export async function callAuth(path: string, body?: object): Promise<AuthAnswer> {
  try {
    const response = await fetch(`/api/auth${path}`, {
      method: body === undefined ? "GET" : "POST",
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    return response.ok ? { ok: true, body: answer } : { ok: false, words: wordsOf(answer) };
  } catch {
    return NO_ANSWER;
  }
}

/** The sentence of an error body. */
export function wordsOf(body: unknown): string {
  const isTold = typeof body === "object" && body !== null && "error" in body && typeof body.error === "string";
  return isTold ? String(body.error) : NO_ANSWER.words;
}
