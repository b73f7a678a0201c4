import type { ServerHttp2Stream } from "node:http2";
import { SlipwayError } from "@slipway/contracts";
import type { ByteHolding } from "@slipway/service-kit";
import type { Timed } from "../traffic/deadlines.ts";
import { answerStatus } from "./answer-status.ts";
import { FrameCheck, frame, PREFIX_BYTES } from "./frame.ts";
import type { GrpcCallDeps } from "./grpc-call.ts";

/** No question to the gateway itself is longer. */
const MESSAGE_LIMIT_BYTES = 4 * 1024;
const TIMEOUT_MS = 5_000;

export type OwnCallRequest = {
  caller: string;
  requestId: string;
  startedMs: number;
  /** Makes the answer of the message; what it throws is the answer otherwise. */
  answer: (message: Buffer) => Uint8Array;
};

/** A unary call that the gateway answers itself. */
export class OwnCall implements Timed {
  readonly deadlineMs: number;
  deadlineSlot = -1;
  readonly #deps: GrpcCallDeps;
  readonly #stream: ServerHttp2Stream;
  readonly #request: OwnCallRequest;
  readonly #holding: ByteHolding;
  #isEnded = false;

  constructor(deps: GrpcCallDeps, stream: ServerHttp2Stream, request: OwnCallRequest) {
    this.#deps = deps;
    this.#stream = stream;
    this.#request = request;
    this.#holding = deps.bodies.open(request.caller);
    this.deadlineMs = request.startedMs + TIMEOUT_MS;
  }

  begin(): void {
    const check = new FrameCheck(MESSAGE_LIMIT_BYTES);
    const chunks: Buffer[] = [];
    this.#deps.deadlines.add(this);
    this.#stream.on("close", () => this.#finish());
    this.#attempt(() => this.#holding.take(MESSAGE_LIMIT_BYTES));
    this.#stream.on("data", (chunk: Buffer) =>
      this.#attempt(() => {
        check.add(chunk);
        chunks.push(chunk);
      }),
    );
    this.#stream.on("end", () =>
      this.#attempt(() => {
        check.end();
        this.#respond(this.#request.answer(Buffer.concat(chunks).subarray(PREFIX_BYTES)));
      }),
    );
  }

  onDeadline(): void {
    this.#attempt(() => {
      throw new SlipwayError("request/timeout", { limitMs: TIMEOUT_MS });
    });
  }

  /** Goes on, or answers with what went wrong. */
  #attempt(step: () => void): void {
    if (this.#isEnded) return;
    try {
      step();
    } catch (error) {
      answerStatus(this.#stream, error, { requestId: this.#request.requestId, logger: this.#deps.logger });
      this.#finish();
    }
  }

  #respond(message: Uint8Array): void {
    const stream = this.#stream;
    stream.respond(
      { ":status": 200, "content-type": "application/grpc", "x-request-id": this.#request.requestId },
      { waitForTrailers: true },
    );
    stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(frame(message));
    this.#finish();
  }

  #finish(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#deps.deadlines.remove(this);
    this.#holding.release();
    // For the gateway itself: nobody's deployment has anything to do with it.
    this.#deps.records.leave(this.#deps.records.nowhere);
  }
}
