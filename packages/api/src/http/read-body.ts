import type { IncomingMessage, ServerResponse } from "node:http";
import { SlipwayError } from "@slipway/contracts";
import type { ByteBudget, ByteHolding, Clock } from "@slipway/service-kit";

/** The largest body that the API takes: a manifest at its limit, quoted as JSON, and something around it. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** How long a body may take to arrive, from when somebody begins to read it. */
export const BODY_MS = 30_000;
/** The deepest nesting of a JSON body. */
export const MAX_DEPTH = 32;
/** The most keys and values of a JSON body. */
export const MAX_VALUES = 200_000;
/** What is still read of a refused body, so that its sender gets to see the answer. */
const DISCARD_BYTES = 8 * 1024 * 1024;

/** Reads whole bodies into memory. */
export type BodyReader = {
  /**
   * The whole body as bytes. They count as held by `caller` until the response is over.
   * @throws request/too_large as soon as it is known, request/too_many_bytes, request/timeout, request/cancelled
   */
  read(
    request: IncomingMessage,
    response: ServerResponse,
    options: { caller: string; limitBytes?: number },
  ): Promise<Buffer>;
};

export function createBodyReader({ clock, budget }: { clock: Clock; budget: ByteBudget }): BodyReader {
  return {
    async read(request, response, { caller, limitBytes = MAX_BODY_BYTES }) {
      const announced = Number(request.headers["content-length"] ?? 0);
      if (announced > limitBytes) throw new SlipwayError("request/too_large", { limitBytes });
      const hold = budget.open(caller);
      response.once("close", () => hold.release());
      return collect(request, { clock, hold, limitBytes });
    },
  };
}

type Collecting = { clock: Clock; hold: ByteHolding; limitBytes: number };

function collect(request: IncomingMessage, { clock, hold, limitBytes }: Collecting): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      try {
        if (size > limitBytes) throw new SlipwayError("request/too_large", { limitBytes });
        hold.take(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        fail(error);
      }
    };
    const onEnd = () => {
      finish();
      resolve(Buffer.concat(chunks));
    };
    const onClose = () => fail(new SlipwayError("request/cancelled", {}));
    const cancel = clock.after(BODY_MS, () => fail(new SlipwayError("request/timeout", { limitMs: BODY_MS })));
    const finish = () => {
      cancel();
      request.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
    };
    const fail = (error: unknown) => {
      finish();
      chunks.length = 0;
      hold.release();
      // Whatever else becomes of the connection is nobody's error.
      request.on("error", () => undefined);
      reject(error);
    };
    request.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  });
}

/** Reads away what is left of the body of a request that was answered; one that goes on and on is cut. */
export function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let left = DISCARD_BYTES;
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.resume();
}

/** The text that bytes are. @throws request/malformed_json where they are no UTF-8 */
export function readText(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new SlipwayError("request/malformed_json", { detail: "it is not UTF-8" }, { cause: error });
  }
}

/** A JSON object; an empty body is an empty object. Its nesting and its size are checked before anything is parsed. */
export function parseJsonObject(bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {};
  const text = readText(bytes);
  requireModestJson(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 200) : "it cannot be parsed";
    throw new SlipwayError("request/malformed_json", { detail });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SlipwayError("request/invalid", { problem: "The body must be a JSON object." });
  }
  return Object.fromEntries(Object.entries(value));
}

/** @throws request/too_deep, request/too_many_values for a text whose brackets or commas, outside of strings, are too many */
export function requireModestJson(text: string): void {
  let depth = 0;
  let values = 1;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = endOfString(text, index);
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth += 1;
        values += 1;
        if (depth > MAX_DEPTH) throw new SlipwayError("request/too_deep", { limit: MAX_DEPTH });
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth -= 1;
        break;
      case COMMA:
      case COLON:
        values += 1;
        break;
    }
    if (values > MAX_VALUES) throw new SlipwayError("request/too_many_values", { limit: MAX_VALUES });
  }
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a] as const;
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d] as const;

/** Where the string ends that begins at `index`; the text's end when it does not. */
function endOfString(text: string, index: number): number {
  for (let end = text.indexOf('"', index + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
