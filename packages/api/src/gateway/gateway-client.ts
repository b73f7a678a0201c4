import { SlipwayError, TRIAL_ANSWER_LIMIT_BYTES, TRIAL_TIMEOUT_MS } from "@slipway/contracts";
import type { GatewayPort } from "@slipway/domain";
import { consoleCredential } from "@slipway/rpc";
import type { Clock } from "@slipway/service-kit";

export type GatewayClientOptions = {
  /** The base under which callers reach deployments. */
  url: string;
  /** What the platform's processes know each other by; it is not sent. */
  internalSecret: string;
  clock: Clock;
  timeoutMs?: number;
};

/** Of the connection, not of the answer. */
const HOP_HEADERS: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding", "set-cookie"]);

/** Calls deployments at their one URL with the console's credential. An answer is read up to its limit, then left. */
export function createGatewayClient(options: GatewayClientOptions): GatewayPort {
  const { internalSecret, clock, timeoutMs = TRIAL_TIMEOUT_MS } = options;
  const base = options.url.replace(/\/+$/, "");
  const authorization = `Bearer ${consoleCredential(internalSecret)}`;
  return {
    async post({ group, deployment, path, body, requestId }, signal) {
      const url = `${base}/serve/${encodeURIComponent(group)}/${encodeURIComponent(deployment)}${path}`;
      const late = AbortSignal.timeout(timeoutMs);
      const startedMs = clock.monotonicMs();
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { authorization, "content-type": "application/json", "x-request-id": requestId },
          body,
          redirect: "manual",
          signal: AbortSignal.any([signal, late]),
        });
        const { text, isTruncated } = await readText(response, TRIAL_ANSWER_LIMIT_BYTES);
        return {
          status: response.status,
          headers: Object.fromEntries([...response.headers].filter(([name]) => !HOP_HEADERS.has(name))),
          body: text,
          isTruncated,
          latencyMs: clock.monotonicMs() - startedMs,
          requestId: response.headers.get("x-request-id") ?? requestId,
          url,
        };
      } catch (cause) {
        if (signal.aborted) throw new SlipwayError("request/cancelled", {}, { cause });
        if (late.aborted) throw new SlipwayError("trial/timeout", { limitMs: timeoutMs }, { cause });
        throw new SlipwayError("trial/no_gateway", {}, { cause });
      }
    },
  };
}

/** The text of an answer, cut after a whole character within the limit. */
async function readText(response: Response, limitBytes: number): Promise<{ text: string; isTruncated: boolean }> {
  if (response.body === null) return { text: "", isTruncated: false };
  const decoder = new TextDecoder();
  let text = "";
  let leftBytes = limitBytes;
  for await (const chunk of response.body) {
    // Leaving the loop cancels the rest.
    if (chunk.length > leftBytes) {
      return { text: text + decoder.decode(chunk.subarray(0, leftBytes), { stream: true }), isTruncated: true };
    }
    leftBytes -= chunk.length;
    text += decoder.decode(chunk, { stream: true });
  }
  return { text: text + decoder.decode(), isTruncated: false };
}
