import { type TensorSignature, tensorSignature } from "@slipway/contracts";
import * as z from "zod";
import { exitReasonOf } from "../exit-codes.ts";
import { CommandFailure, failure } from "../failure.ts";
import type { Credentials } from "./credentials.ts";
import { uploadFile } from "./upload-file.ts";

export type Query = Readonly<Record<string, string | number | undefined>>;
export type ApiRequest<Schema extends z.ZodType> = {
  method?: "GET" | "POST" | "DELETE";
  /** Below `/api/v1`, each segment already encoded (see `pathOf`). */
  path: string;
  query?: Query;
  body?: unknown;
  answer: Schema;
};

export type FileRequest<Schema extends z.ZodType> = Pick<ApiRequest<Schema>, "path" | "query" | "answer"> & {
  /** Absolute path of the file. */
  file: string;
  onProgress: (sentBytes: number, totalBytes: number) => void;
};

/** The platform's REST API with the credential of this machine. */
export type ApiClient = {
  readonly url: string;
  /** Throws CommandFailure: the API's own sentence, problems and advice, or that nobody answered. */
  call<Schema extends z.ZodType>(request: ApiRequest<Schema>): Promise<z.output<Schema>>;
  /** Sends a file as a raw body and says how far it is. */
  upload<Schema extends z.ZodType>(request: FileRequest<Schema>): Promise<z.output<Schema>>;
  /** The lines of an answer of newline-delimited JSON, as they come. */
  lines<Schema extends z.ZodType>(request: ApiRequest<Schema>): AsyncIterable<z.output<Schema>>;
};

/** An answer that takes longer than this is given up. A stream only has to begin within it. */
export const API_TIMEOUT_MS = 30_000;

const tensors = z.array(tensorSignature);
const errorBody = z.object({
  error: z.string(),
  code: z.string().optional(),
  check: z.string().optional(),
  problems: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  requestId: z.string().optional(),
  /** Of a tensor error: what the model takes. */
  signature: z.object({ inputs: tensors }).optional().catch(undefined),
});

/** Joins segments to a path, each encoded. */
export function pathOf(...segments: readonly string[]): string {
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join("");
}

/** A client of the API at the credential's address; `signal` ends everything it does. */
export function createApiClient(credentials: Credentials, signal: AbortSignal): ApiClient {
  const base = credentials.apiUrl.replace(/\/+$/, "").replace(/\/api\/v1$/, "");

  const headers = {
    authorization: `Bearer ${credentials.token}`,
    accept: "application/json",
    "x-slipway-source": "cli",
  };

  function urlOf({ path, query = {} }: Pick<ApiRequest<z.ZodType>, "path" | "query">): URL {
    const url = new URL(`${base}/api/v1${path}`);
    for (const [key, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    return url;
  }

  async function send(request: ApiRequest<z.ZodType>): Promise<Response> {
    const url = urlOf(request);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), API_TIMEOUT_MS);
    try {
      const response = await fetch(url, {
        method: request.method ?? "GET",
        headers: {
          ...headers,
          ...(request.body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        signal: AbortSignal.any([signal, late.signal]),
      });
      if (!response.ok) throw await failureOf(response, base);
      return response;
    } catch (error) {
      if (error instanceof CommandFailure || signal.aborted) throw error;
      throw failure("unreachable", { url: base });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    url: base,
    async call(request) {
      const response = await send(request);
      const body: unknown = await response.json().catch(() => undefined);
      const parsed = request.answer.safeParse(body);
      if (!parsed.success) throw failure("not_json", { url: base });
      return parsed.data;
    },
    async upload({ answer, path, query, file, onProgress }) {
      const url = urlOf({ path, ...(query === undefined ? {} : { query }) });
      const response = await uploadFile({ url, headers, file, onProgress, signal });
      if (!response.ok) throw await failureOf(response, base);
      const parsed = answer.safeParse(await response.json().catch(() => undefined));
      if (!parsed.success) throw failure("not_json", { url: base });
      return parsed.data;
    },
    async *lines(request) {
      const response = await send(request);
      if (response.body === null) return;
      try {
        for await (const line of linesOf(response.body)) yield request.answer.parse(JSON.parse(line));
      } catch (error) {
        if (signal.aborted) throw error;
        throw failure("not_sent", { what: "the answer" });
      }
    },
  };
}

/** What an answer that is no success says, in the words of whoever wrote it. */
export async function failureOf(response: Response, url: string): Promise<CommandFailure> {
  const parsed = errorBody.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) return failure("not_json", { url }, { exit: exitReasonOf(response.status) });
  const { error, check, problems, requestId, signature } = parsed.data;
  const advice = [check, signature === undefined ? undefined : `It takes: ${signature.inputs.map(inWords).join("; ")}`];
  return new CommandFailure(error, {
    exit: exitReasonOf(response.status),
    check: advice.filter((line) => line !== undefined).join("\n"),
    ...(problems === undefined ? {} : { problems }),
    ...(requestId === undefined ? {} : { requestId }),
  });
}

/** `input FP32 [any, 4]` */
function inWords({ name, datatype, shape }: TensorSignature): string {
  return `${name} ${datatype} [${shape.map((size) => (size < 0 ? "any" : size)).join(", ")}]`;
}

/** The lines of a stream of text that are not blank; a last one without its end counts too. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncIterable<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      rest += decoder.decode(chunk.value, { stream: true });
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      yield* lines.filter((line) => line.trim() !== "");
    }
    if (rest.trim() !== "") yield rest;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
