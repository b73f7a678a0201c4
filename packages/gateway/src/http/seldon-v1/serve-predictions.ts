import type { IncomingMessage, ServerResponse } from "node:http";
import { SlipwayError } from "@slipway/contracts";
import { modelMetadata, type Signature } from "@slipway/inference";
import type { ByteHolding } from "@slipway/service-kit";
import type { CompiledTarget } from "../../routes/compile-route.ts";
import type { Timed } from "../../traffic/deadlines.ts";
import {
  type Receiver,
  UpstreamCall,
  type UpstreamHeaders,
  type UpstreamRequest,
} from "../../traffic/upstream-call.ts";
import { answerError } from "../answer.ts";
import { BodyReader, type Holder, UNCOUNTED_BYTES } from "../body-reader.ts";
import { callerOf, refusedByReplica } from "../relay.ts";
import { responseHeaders } from "../response-headers.ts";
import type { Admitted, ServeDeps } from "../serve-deployment.ts";
import { readPrediction } from "./read-prediction.ts";
import { toInferRequest } from "./translate-prediction.ts";
import { INLINE_BYTES } from "./translator.ts";

const ANSWER_LIMIT_BYTES = 16 * 1024 * 1024;

type Answer = { status: number; headers: UpstreamHeaders; body: Buffer; target: CompiledTarget | null };

/**
 * Serves a prediction of Seldon's first protocol by asking the model for its signature, then for the inference.
 * An error of the model goes on as it is.
 */
export function servePredictions(
  deps: ServeDeps,
  request: IncomingMessage,
  response: ServerResponse,
  call: Admitted,
): void {
  const exchange = new PredictionExchange(deps, request, response, call);
  deps.deadlines.add(exchange);
  exchange.run().then(
    (answer) => exchange.end(answer),
    (error: unknown) => exchange.fail(error),
  );
}

class PredictionExchange implements Timed, Holder {
  readonly deadlineMs: number;
  deadlineSlot = -1;
  readonly #deps: ServeDeps;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #call: Admitted;
  #upstream: UpstreamCall | null = null;
  #isReceived = false;
  #holding: ByteHolding | null = null;
  #isEnded = false;

  constructor(deps: ServeDeps, request: IncomingMessage, response: ServerResponse, call: Admitted) {
    this.#deps = deps;
    this.#request = request;
    this.#response = response;
    this.#call = call;
    this.deadlineMs = call.startedMs + call.route.timeoutMs;
    response.on("close", () => {
      if (this.#isEnded) return;
      this.#upstream?.abort();
      this.#finish(0);
    });
  }

  async run(): Promise<Answer> {
    const { route, requestId } = this.#call;
    const given = await this.#readBody();
    this.#isReceived = true;
    // What is plainly wrong is told before a replica is asked; a large body is looked at in its thread alone.
    const prediction = given.length <= INLINE_BYTES ? readPrediction(given) : null;
    const metadata = await this.#ask({
      method: "GET",
      pathOf: (target) => target.modelPath,
      body: null,
      version: null,
    });
    if (metadata.status !== 200 || metadata.target === null) return metadata;
    const { version } = metadata.target;
    const { translator } = this.#deps;
    const signature = signatureOf(metadata.body);
    const asked =
      prediction === null
        ? await translator.translate({ kind: "request", body: given, signature, requestId })
        : { text: toInferRequest(prediction, signature, requestId), form: prediction.form, puid: prediction.puid };
    const body = Buffer.from(asked.text);
    const answer = await this.#ask({ method: "POST", pathOf: (target) => target.inferPath, body, version });
    if (answer.status !== 200) return answer;
    const context = { form: asked.form, puid: asked.puid ?? requestId, deployment: route.deployment, version };
    const { text } = await translator.translate({ kind: "answer", body: answer.body, context });
    return { ...answer, body: Buffer.from(text) };
  }

  hold(bytes: number): void {
    this.#holding ??= this.#deps.bodies.open(callerOf(this.#request, this.#call.token));
    this.#holding.take(bytes);
  }

  onDeadline(): void {
    const limitMs = this.#call.route.timeoutMs;
    this.fail(new SlipwayError(this.#isReceived ? "gateway/timeout" : "request/timeout", { limitMs }));
    this.#upstream?.abort();
  }

  end({ status, headers, body }: Answer): void {
    if (this.#isEnded) return;
    const flat = responseHeaders(headers, this.#call.requestId);
    this.#response.writeHead(status, [...flat, "content-length", String(body.length)]);
    this.#response.end(body);
    this.#finish(status);
  }

  fail(error: unknown): void {
    if (this.#isEnded) return;
    const context = { requestId: this.#call.requestId, logger: this.#deps.logger };
    this.#finish(answerError(this.#request, this.#response, error, context));
  }

  #readBody(): Promise<Buffer> {
    const { route, head, isExpectingContinue } = this.#call;
    refuseEncodings(this.#request);
    const limitBytes = route.bodySizeBytes;
    const welcome = isExpectingContinue ? () => this.#response.writeContinue() : undefined;
    return new Promise((resolve, reject) => {
      const reader = new BodyReader(this.#request, {
        holder: this,
        limitBytes,
        contentLength: head.contentLength,
        welcome,
      });
      reader.read((body) => {
        if (typeof body === "function") collect(body()).then(resolve, reject);
        else resolve(body);
      }, reject);
    });
  }

  /** Asks a replica and waits for the whole answer. */
  #ask(request: Pick<UpstreamRequest, "method" | "pathOf" | "body" | "version">): Promise<Answer> {
    const { route, headers } = this.#call;
    return new Promise((resolve, reject) => {
      // Answered already, by its deadline or because its client left: there is nobody to ask for.
      if (this.#isEnded) return;
      let target: CompiledTarget | null = null;
      const collector = new AnswerCollector(this, (answer) => resolve({ ...answer, target }), reject);
      const call = new UpstreamCall(
        this.#deps,
        {
          ...request,
          routeKey: route.key,
          deployment: route.deployment,
          deadlineMs: this.deadlineMs,
          headers: jsonHeaders(headers),
          pathOf(chosen) {
            target = chosen;
            return request.pathOf(chosen);
          },
        },
        collector,
      );
      collector.onTooLarge = () => call.abort();
      this.#upstream = call;
      call.attempt();
    });
  }

  #finish(status: number): void {
    const { deadlines, records, clock } = this.#deps;
    this.#isEnded = true;
    this.#holding?.release();
    deadlines.remove(this);
    records.end(this.#call.route.record, status, clock.monotonicMs() - this.#call.startedMs);
  }
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** As over the Open Inference path. @throws SlipwayError request/unsupported_media_type */
function refuseEncodings({ headers }: IncomingMessage): void {
  const encoding = headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return;
  throw new SlipwayError("request/unsupported_media_type", { given: encoding.slice(0, 40), allowed: "identity" });
}

/** Gathers an answer of bounded size. */
class AnswerCollector implements Receiver {
  readonly #resolve: (answer: Omit<Answer, "target">) => void;
  readonly #reject: (error: unknown) => void;
  readonly #holder: Holder;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: UpstreamHeaders = {};
  onTooLarge: () => void = () => undefined;

  constructor(holder: Holder, resolve: (answer: Omit<Answer, "target">) => void, reject: (error: unknown) => void) {
    this.#holder = holder;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onHead(status: number, headers: UpstreamHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onData(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    try {
      if (this.#bytes > ANSWER_LIMIT_BYTES) {
        throw new SlipwayError("gateway/answer_too_large", { limitBytes: ANSWER_LIMIT_BYTES });
      }
      if (this.#bytes > UNCOUNTED_BYTES) this.#holder.hold(chunk.length);
      this.#chunks.push(chunk);
    } catch (error) {
      this.#chunks.length = 0;
      this.#reject(error);
      this.onTooLarge();
    }
    return true;
  }

  onEnd(): void {
    // The replica refuses the gateway itself: nothing that the caller could mend, and nothing to show.
    if (this.#status === 401 || this.#status === 403) {
      this.#reject(refusedByReplica(this.#status));
      return;
    }
    this.#resolve({ status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks) });
  }

  onFailure(error: SlipwayError): void {
    this.#reject(error);
  }
}

function signatureOf(body: Buffer): Signature {
  return modelMetadata.parse(JSON.parse(body.toString("utf8")));
}

/** The caller's headers, with what describes the body replaced by what describes the translated one. */
function jsonHeaders(forwarded: readonly string[]): string[] {
  const headers = ["content-type", "application/json", "accept", "application/json"];
  for (let index = 0; index + 1 < forwarded.length; index += 2) {
    const name = forwarded[index] ?? "";
    if (["content-type", "content-encoding", "accept", "accept-encoding"].includes(name)) continue;
    if (name === "inference-header-content-length") continue;
    headers.push(name, forwarded[index + 1] ?? "");
  }
  return headers;
}
