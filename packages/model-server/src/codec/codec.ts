import { setImmediate } from "node:timers/promises";
import { SlipwayError } from "@slipway/contracts";
import type { GrpcInferRequest, InferRequest, InferResponse } from "@slipway/inference";
import { isOver, type RunEnd } from "../execution/run-end.ts";
import type { CodecJob, CodecResult } from "./codec-messages.ts";
import { type CodecThread, startCodecThread } from "./codec-thread.ts";
import { packTensors, unpackTensors } from "./packed-tensors.ts";

/**
 * Bytes of a body, and of an answer as it is expected, from which on they are read and written beside the serving thread.
 * Below it they take it some milliseconds, and handing them over would cost more than it spares.
 */
export const LARGE_BYTES = 262_144;
/** What takes a thread longer than a moment leaves at least one thread to all that does not. */
export const HUGE_BYTES = 8_388_608;
const THREADS = 2;

/** Reads and writes large bodies on threads of its own, so that nobody else's request waits for them. */
export type Codec = {
  /** The body's memory is given away. @throws SlipwayError request/*, tensor/*, model/timeout */
  readJson(body: Buffer, end: RunEnd): Promise<InferRequest>;
  /** The outputs' memory is given away. @throws SlipwayError model/answer_too_large, tensor/non_finite_output, model/timeout */
  writeJson(response: InferResponse, roughBytes: number, end: RunEnd): Promise<readonly Uint8Array[]>;
  /** The names that the message itself holds, and what it asks. @throws SlipwayError request/*, tensor/*, model/timeout */
  readGrpc(message: Uint8Array, end: RunEnd): Promise<GrpcMessage>;
  /** The outputs' memory is given away. @throws SlipwayError model/answer_too_large, model/timeout */
  writeGrpc(response: InferResponse, form: "typed" | "raw", roughBytes: number, end: RunEnd): Promise<Uint8Array>;
  readonly maxAnswerBytes: number;
  stop(): Promise<void>;
};
export type GrpcMessage = { modelName: string; modelVersion: string; request: GrpcInferRequest };
export type CodecOptions = {
  /** The largest answer in JSON. */
  maxAnswerBytes: number;
  onThreadLost: (error: unknown) => void;
};

type Waiting = {
  job: CodecJob;
  transfer: ArrayBuffer[];
  bytes: number;
  end: RunEnd;
  resolve: (result: CodecResult) => void;
  reject: (error: unknown) => void;
};
type Place = { thread: CodecThread | null; isBusy: boolean; takesHuge: boolean };

/** Threads start with their first job. One that ends is started again by the next. */
export function createCodec({ maxAnswerBytes, onThreadLost }: CodecOptions): Codec {
  let queue: Waiting[] = [];
  let isStopped = false;
  const places = Array.from(
    { length: THREADS },
    (_, index): Place => ({ thread: null, isBusy: false, takesHuge: index === 0 }),
  );

  function submit(job: CodecJob, transfer: ArrayBuffer[], bytes: number, end: RunEnd): Promise<CodecResult> {
    return new Promise((resolve, reject) => {
      queue.push({ job, transfer, bytes, end, resolve, reject });
      dispatch();
    });
  }

  function dispatch(): void {
    if (isStopped) return;
    const nowMs = performance.now();
    queue = queue.filter((waiting) => !isOver(waiting.end, nowMs) || refuseOver(waiting));
    for (const place of places) {
      if (place.isBusy) continue;
      const index = queue.findIndex(({ bytes }) => place.takesHuge || bytes < HUGE_BYTES);
      const [waiting] = index === -1 ? [] : queue.splice(index, 1);
      if (waiting !== undefined) void work(place, waiting);
    }
  }

  async function work(place: Place, { job, transfer, resolve, reject }: Waiting): Promise<void> {
    place.isBusy = true;
    place.thread ??= startCodecThread((error) => {
      place.thread = null;
      onThreadLost(error);
    });
    await place.thread.run(job, transfer).then(resolve, reject);
    place.isBusy = false;
    dispatch();
  }

  return {
    async readJson(body, end) {
      const own = ownBuffer(body);
      const result = await submit({ kind: "read_json", body: own }, [own.buffer], own.byteLength, end);
      if (result.kind !== "read") throw new Error("the codec thread gave another result");
      return { ...result.request, inputs: await unpackTensors(result.request.inputs, setImmediate) };
    },
    async writeJson(response, roughBytes, end) {
      const { packed, transfer } = await packTensors(response.outputs, setImmediate);
      const job: CodecJob = {
        kind: "write_json",
        response: { ...response, outputs: packed },
        limitBytes: maxAnswerBytes,
      };
      const result = await submit(job, transfer, roughBytes, end);
      if (result.kind !== "written") throw new Error("the codec thread gave another result");
      return result.pieces;
    },
    async readGrpc(message, end) {
      const own = ownBuffer(message);
      const result = await submit({ kind: "read_grpc", message: own }, [own.buffer], own.byteLength, end);
      if (result.kind !== "read_grpc") throw new Error("the codec thread gave another result");
      const { modelName, modelVersion, request } = result;
      const inputs = await unpackTensors(request.inputs, setImmediate);
      return { modelName, modelVersion, request: { ...request, inputs } };
    },
    async writeGrpc(response, form, roughBytes, end) {
      const { packed, transfer } = await packTensors(response.outputs, setImmediate);
      const packedResponse = { ...response, outputs: packed };
      const job: CodecJob = { kind: "write_grpc", response: packedResponse, form, limitBytes: maxAnswerBytes };
      const result = await submit(job, transfer, roughBytes, end);
      const message = result.kind === "written" ? result.pieces[0] : undefined;
      if (message === undefined) throw new Error("the codec thread gave another result");
      return message;
    },
    maxAnswerBytes,
    async stop() {
      isStopped = true;
      for (const { reject } of queue) reject(new Error("the server is shutting down"));
      queue = [];
      await Promise.all(places.map(({ thread }) => thread?.stop()));
    },
  };
}

/** Always false. */
function refuseOver({ end, reject }: Waiting): boolean {
  reject(
    end.isGone()
      ? new SlipwayError("request/cancelled", {})
      : new SlipwayError("model/timeout", { limitMs: end.limitMs }),
  );
  return false;
}

/** A body's bytes in memory that can be given away. */
function ownBuffer(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = body;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(body);
}
