import { CallError } from "./call-error.ts";

/** One procedure's answer within an answer to many. */
type Item = {
  result?: { data?: unknown };
  error?: { message: string; data: ConstructorParameters<typeof CallError>[1] };
};
type Waiting = {
  path: string;
  input: unknown;
  signal: AbortSignal | undefined;
  resolve: (data: unknown) => void;
  reject: (reason: unknown) => void;
};

export type CallKind = "query" | "mutation";
export type Call = (kind: CallKind, path: string, input: unknown, signal?: AbortSignal) => Promise<unknown>;

/**
 * Calls procedures at `url` in tRPC's batch form: those of one moment and kind go as one request. Rejects with a CallError,
 * or with the signal's own reason as soon as a call is given up; the request itself ends when all of its calls are.
 */
export function createCallBatcher(url: string, send: typeof fetch): Call {
  const waiting: { [Kind in CallKind]: Waiting[] } = { query: [], mutation: [] };
  return (kind, path, input, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      // The first of a moment sends what has gathered behind it.
      if (waiting[kind].length === 0) setTimeout(() => void answerAll(url, send, kind, waiting[kind].splice(0)));
      waiting[kind].push({ path, input, signal, resolve, reject });
    });
}

async function answerAll(url: string, send: typeof fetch, kind: CallKind, gathered: Waiting[]): Promise<void> {
  const calls = gathered.filter(({ signal }) => signal?.aborted !== true);
  if (calls.length === 0) return;
  try {
    const response = await request(url, send, kind, calls);
    const body: Item | Item[] = await response.json();
    for (const [index, { resolve, reject }] of calls.entries()) {
      // What fails before any procedure is reached is answered once for all.
      const item = Array.isArray(body) ? body[index] : body;
      if (item?.result !== undefined) resolve(item.result.data);
      else reject(new CallError(item?.error?.message ?? "no answer", item?.error?.data ?? null));
    }
  } catch (cause) {
    for (const { reject } of calls) reject(new CallError("no answer", null, { cause }));
  }
}

function request(url: string, send: typeof fetch, kind: CallKind, calls: readonly Waiting[]): Promise<Response> {
  const inputs = JSON.stringify(Object.fromEntries(calls.map(({ input }, index) => [index, input])));
  const address = `${url}/${calls.map(({ path }) => path).join(",")}?batch=1`;
  const until = { signal: whenAllAborted(calls.map(({ signal }) => signal)) };
  return kind === "query"
    ? send(`${address}&input=${encodeURIComponent(inputs)}`, until)
    : send(address, { ...until, method: "POST", headers: { "content-type": "application/json" }, body: inputs });
}

function whenAllAborted(signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const all = new AbortController();
  let left = signals.length;
  for (const signal of signals) {
    signal?.addEventListener(
      "abort",
      () => {
        left -= 1;
        if (left === 0) all.abort(signal.reason);
      },
      { once: true },
    );
  }
  return all.signal;
}
