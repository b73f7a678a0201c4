import { createHash } from "node:crypto";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { REGISTRY_DOWNLOAD_PATH, registryUri, SlipwayError } from "@slipway/contracts";
import { backoffDelay, type Clock } from "@slipway/service-kit";
import { type Dispatcher, request } from "undici";
import * as z from "zod";

export type RegistryClientOptions = {
  /** Base URL of the process that holds the registry. */
  url: string;
  /** What the platform's processes know each other by. */
  secret: string;
  clock: Clock;
  /** Gives [0, 1). */
  random: () => number;
};

/** Longer than a restart of the console takes: tries without a single new byte, about a minute in all. */
const TRIES_WITHOUT_PROGRESS = 10;
const RETRY = { initialMs: 250, maxMs: 10_000, jitter: 0.2 };
/** A connection that gives nothing for this long is given up. */
const IDLE_MS = 30_000;
/** A longer answer is no error of Slipway's and is not read. */
const MAX_ERROR_BYTES = 64 * 1024;
/** The most of an error's sentence that is passed on. */
const MAX_SENTENCE_LENGTH = 300;

const errorAnswer = z.object({ error: z.string(), code: z.string().optional() });

/** Something that may be over at the next try. */
class Passing extends Error {
  override readonly name = "Passing";
}

/**
 * Fetches registered models from the process that holds them. What breaks off is taken up again where it broke off; what
 * fails for longer than a restart takes is given up.
 */
export class RegistryClient {
  readonly #options: RegistryClientOptions;

  constructor(options: RegistryClientOptions) {
    this.#options = options;
  }

  /** How many bytes a digest has. @throws artifact/missing, artifact/registry_unavailable, what the signal throws */
  async sizeOf(sha256: string, signal: AbortSignal): Promise<number> {
    return this.#persistently(signal, async () => {
      const { headers, body } = await this.#ask("HEAD", sha256, 0, signal);
      body.on("error", () => undefined).destroy();
      return z.coerce.number().int().min(0).parse(headers["content-length"]);
    });
  }

  /**
   * Writes the bytes of a digest to a new file, and says what was written.
   * @throws artifact/missing, artifact/registry_unavailable, artifact/too_large past `maxBytes`, what the signal throws
   */
  async download(
    sha256: string,
    target: string,
    { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
  ): Promise<{ sha256: string; bytes: number }> {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const hash = createHash("sha256");
    const file = await open(target, "wx", 0o600);
    let bytes = 0;
    const takeRest = async () => {
      const { body } = await this.#ask("GET", sha256, bytes, signal);
      for await (const chunk of chunksOf(body)) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw new SlipwayError("artifact/too_large", { limitBytes: maxBytes });
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      if (bytes < maxBytes) throw new Passing(`it ended after ${bytes} of ${maxBytes} bytes.`);
    };
    try {
      await this.#persistently(signal, takeRest, () => bytes);
    } finally {
      await file.close();
    }
    return { sha256: hash.digest("hex"), bytes };
  }

  /** Repeats work that fails in passing, with growing delays that begin anew whenever it got further. */
  async #persistently<T>(signal: AbortSignal, work: () => Promise<T>, progress: () => number = () => 0): Promise<T> {
    const { clock, random } = this.#options;
    for (let failures = 0; ; ) {
      const before = progress();
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof Passing)) throw error;
        failures = progress() > before ? 1 : failures + 1;
        if (failures > TRIES_WITHOUT_PROGRESS) {
          throw new SlipwayError("artifact/registry_unavailable", { detail: error.message });
        }
        await clock.sleep(backoffDelay(RETRY, failures - 1, random), signal);
      }
    }
  }

  async #ask(
    method: "GET" | "HEAD",
    sha256: string,
    start: number,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { url, secret } = this.#options;
    const answer = await request(new URL(`${REGISTRY_DOWNLOAD_PATH}${sha256}`, url), {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(start === 0 ? {} : { range: `bytes=${start}-` }),
      },
      headersTimeout: IDLE_MS,
      bodyTimeout: IDLE_MS,
      signal,
    }).catch((error: unknown) => {
      throw new Passing(`it cannot be reached (${codeOf(error)}).`);
    });
    if (answer.statusCode === (start === 0 ? 200 : 206)) return answer;
    // An answer to a HEAD has no words; that to a GET has.
    if (method === "HEAD") return this.#ask("GET", sha256, start, signal);
    throw await failureOf(answer, sha256);
  }
}

/** The body of an answer; however it breaks off, it may be whole at the next try. */
async function* chunksOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        throw new Passing(`the connection broke off (${codeOf(error)}).`);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await chunks.return?.().catch(() => undefined);
  }
}

async function failureOf({ statusCode, headers, body }: Dispatcher.ResponseData, sha256: string): Promise<Error> {
  const isShort = Number(headers["content-length"] ?? Number.NaN) <= MAX_ERROR_BYTES;
  const { error, code } = readError(isShort ? await body.text().catch(() => "") : "");
  if (!isShort) body.on("error", () => undefined).destroy();
  if (statusCode === 404 && (code === undefined || code === "registry/bytes_missing")) {
    return new SlipwayError("artifact/missing", { uri: registryUri(sha256) });
  }
  const detail = error.slice(0, MAX_SENTENCE_LENGTH) || `it answered ${statusCode}.`;
  return statusCode >= 500 ? new Passing(detail) : new SlipwayError("artifact/registry_unavailable", { detail });
}

/** The sentence and the code of an error's body; an answer that is none of ours has neither. */
function readError(text: string): { error: string; code?: string | undefined } {
  try {
    return errorAnswer.parse(JSON.parse(text));
  } catch {
    return { error: "" };
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "no answer";
}
