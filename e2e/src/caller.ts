import { systemClock } from "@slipway/service-kit";

/** What came of one request: an answer, or no answer at all. */
export type Outcome =
  | { kind: "answer"; status: number; code: string | null; ms: number }
  | { kind: "none"; cause: string; ms: number };

export type Caller = {
  /** All outcomes so far, in the order in which they came. */
  readonly outcomes: readonly Outcome[];
  /** Stops sending, waits for what is in flight, and gives all outcomes. */
  stop(): Promise<readonly Outcome[]>;
};

/** No answer within this time counts as a hang: outcome `none` with cause `timeout`. */
export const HANG_MS = 10_000;
/** A test that forgets to stop its caller sends no more than this. */
const MAX_REQUESTS = 200_000;

/**
 * Sends the same inference request over and over from `concurrency` callers, a pause of a few milliseconds between two
 * requests of one caller, until stopped. Loopback only.
 */
export function startCalling(request: {
  url: string;
  token: string;
  body: string;
  concurrency?: number;
  pauseMs?: number;
}): Caller {
  if (new URL(request.url).hostname !== "127.0.0.1")
    throw new Error(`calls go to loopback only, not to ${request.url}`);
  const outcomes: Outcome[] = [];
  let stopping = false;
  const loop = async () => {
    while (!stopping && outcomes.length < MAX_REQUESTS) {
      outcomes.push(await callOnce(request));
      await systemClock.sleep(request.pauseMs ?? 5);
    }
  };
  const loops = Array.from({ length: request.concurrency ?? 4 }, loop);
  return {
    outcomes,
    async stop() {
      stopping = true;
      await Promise.all(loops);
      return outcomes;
    },
  };
}

/** One request and what came of it. */
export async function callOnce(request: { url: string; token: string; body: string }): Promise<Outcome> {
  const started = systemClock.monotonicMs();
  const elapsed = () => systemClock.monotonicMs() - started;
  try {
    const response = await fetch(request.url, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${request.token}` },
      body: request.body,
      signal: AbortSignal.timeout(HANG_MS),
    });
    const text = await response.text();
    return { kind: "answer", status: response.status, code: response.ok ? null : codeOf(text), ms: elapsed() };
  } catch (error) {
    return { kind: "none", cause: causeOf(error), ms: elapsed() };
  }
}

function codeOf(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null || !("code" in body)) return null;
    return typeof body.code === "string" ? body.code : null;
  } catch {
    return null;
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "timeout";
  const { cause } = error;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return error.message;
}

/** How many of each outcome there were, for a readable failure: { "200": 512, "503 gateway/no_replica": 3 }. */
export function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const key =
      outcome.kind === "none"
        ? `none ${outcome.cause}`
        : `${outcome.status}${outcome.code === null ? "" : ` ${outcome.code}`}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
