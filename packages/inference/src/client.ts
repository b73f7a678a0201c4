import * as z from "zod";
import { parseInferResponse } from "./json-response.ts";
import { writeInferRequest } from "./json-write.ts";
import {
  type LoadedModelView,
  type LoadParameters,
  loadedModel,
  type RepositoryEntry,
  repositoryIndex,
} from "./repository.ts";
import { type ModelMetadata, modelMetadata } from "./signature.ts";
import type { InferRequest, InferResponse } from "./tensor.ts";

/** An answer with an error status. `code` and `data` are of the error table when the server is one of ours. */
export class InferenceHttpError extends Error {
  override readonly name = "InferenceHttpError";
  readonly status: number;
  readonly code: string | null;
  readonly data: unknown;
  readonly body: string;

  constructor(status: number, body: string) {
    const parsed = errorBody.safeParse(parseOrNull(body));
    super(parsed.success ? parsed.data.error : `the server answered ${status}`);
    this.status = status;
    this.code = (parsed.success ? parsed.data.code : undefined) ?? null;
    this.data = parsed.success ? parsed.data.data : undefined;
    this.body = body;
  }
}

const errorBody = z.object({ error: z.string(), code: z.string().optional(), data: z.unknown().optional() });

export type InferenceClientOptions = {
  /** Up to and without `/v2`, e.g. `http://127.0.0.1:8080` or a deployment's base URL. */
  baseUrl: string;
  headers?: Readonly<Record<string, string>>;
  fetch?: typeof fetch;
};
export type CallOptions = { version?: string; signal?: AbortSignal };

/** A client of the protocol's REST form, inference and repository. Every method rejects with InferenceHttpError on an error status. */
export type InferenceClient = ReturnType<typeof createInferenceClient>;

export function createInferenceClient(options: InferenceClientOptions) {
  const base = options.baseUrl.replace(/\/+$/, "");
  const call = (options.fetch ?? fetch).bind(globalThis);

  async function send(path: string, init: { method: string; body?: string; signal?: AbortSignal | undefined }) {
    const response = await call(`${base}${path}`, {
      method: init.method,
      headers: { ...options.headers, ...(init.body === undefined ? {} : { "content-type": "application/json" }) },
      ...(init.body === undefined ? {} : { body: init.body }),
      ...(init.signal === undefined ? {} : { signal: init.signal }),
    });
    const body = Buffer.from(await response.arrayBuffer());
    return { status: response.status, body };
  }
  async function expectOk(path: string, init: Parameters<typeof send>[1]): Promise<Buffer> {
    const { status, body } = await send(path, init);
    if (status < 200 || status > 299) throw new InferenceHttpError(status, body.toString("utf8"));
    return body;
  }
  const modelPath = (model: string, version?: string) =>
    `/v2/models/${encodeURIComponent(model)}${version === undefined ? "" : `/versions/${encodeURIComponent(version)}`}`;
  const isOk = async (path: string, signal?: AbortSignal) =>
    (await send(path, { method: "GET", signal })).status === 200;

  return {
    live: (signal?: AbortSignal) => isOk("/v2/health/live", signal),
    ready: (signal?: AbortSignal) => isOk("/v2/health/ready", signal),
    modelReady: (model: string, { version, signal }: CallOptions = {}) =>
      isOk(`${modelPath(model, version)}/ready`, signal),
    async metadata(model: string, { version, signal }: CallOptions = {}): Promise<ModelMetadata> {
      return modelMetadata.parse(parseBody(await expectOk(modelPath(model, version), { method: "GET", signal })));
    },
    async infer(model: string, request: InferRequest, { version, signal }: CallOptions = {}): Promise<InferResponse> {
      const body = writeInferRequest(request);
      return parseInferResponse(await expectOk(`${modelPath(model, version)}/infer`, { method: "POST", body, signal }));
    },
    /** Sends a body as it is and gives the answer as it came, whatever its status. */
    async inferRaw(model: string, body: string, { version, signal }: CallOptions = {}) {
      const answer = await send(`${modelPath(model, version)}/infer`, { method: "POST", body, signal });
      return { status: answer.status, body: answer.body.toString("utf8") };
    },
    async index(signal?: AbortSignal): Promise<RepositoryEntry[]> {
      const body = await expectOk("/v2/repository/index", { method: "POST", body: "{}", signal });
      return repositoryIndex.parse(parseBody(body));
    },
    /** Resolves when the version serves. */
    async load(model: string, parameters: LoadParameters, signal?: AbortSignal): Promise<LoadedModelView> {
      const path = `/v2/repository/models/${encodeURIComponent(model)}/load`;
      const body = await expectOk(path, { method: "POST", body: JSON.stringify({ parameters }), signal });
      return loadedModel.parse(parseBody(body));
    },
    /** Resolves when the version is gone and its requests in flight are done; all versions when none is named. */
    async unload(model: string, { version, signal }: CallOptions = {}): Promise<void> {
      const parameters = version === undefined ? {} : { version };
      const path = `/v2/repository/models/${encodeURIComponent(model)}/unload`;
      await expectOk(path, { method: "POST", body: JSON.stringify({ parameters }), signal });
    },
  };
}

function parseBody(body: Buffer): unknown {
  return JSON.parse(body.toString("utf8"));
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
