import { parentPort } from "node:worker_threads";
import { parseGrpcRequest, parseInferRequest, writeGrpcResponse, writeLargeInferResponse } from "@slipway/inference";
import { type CodecAnswer, type CodecRequest, type CodecResult, toFailure } from "./codec-messages.ts";
import { packTensors, unpackTensors } from "./packed-tensors.ts";

/** A codec thread: reads and writes large bodies, one after the other. */
const goOn = () => undefined;

async function handle(job: CodecRequest): Promise<{ result: CodecResult; transfer: ArrayBuffer[] }> {
  switch (job.kind) {
    case "read_json": {
      const { body } = job;
      const request = parseInferRequest(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
      const { packed, transfer } = await packTensors(request.inputs, goOn);
      return { result: { kind: "read", request: { ...request, inputs: packed } }, transfer };
    }
    case "write_json": {
      const outputs = await unpackTensors(job.response.outputs, goOn);
      const pieces = writeLargeInferResponse({ ...job.response, outputs }, job.limitBytes);
      return { result: { kind: "written", pieces }, transfer: pieces.flatMap(wholeBuffer) };
    }
    case "read_grpc": {
      const { modelName, modelVersion, request } = parseGrpcRequest(job.message);
      const { packed, transfer } = await packTensors(request.inputs, goOn);
      const result: CodecResult = {
        kind: "read_grpc",
        modelName,
        modelVersion,
        request: { ...request, inputs: packed },
      };
      return { result, transfer };
    }
    case "write_grpc": {
      const outputs = await unpackTensors(job.response.outputs, goOn);
      const message = writeGrpcResponse({ ...job.response, outputs }, job.form, job.limitBytes);
      return { result: { kind: "written", pieces: [message] }, transfer: wholeBuffer(message) };
    }
    default:
      return job satisfies never;
  }
}

/** The memory of a piece that has it for itself; small ones share theirs, and are copied. */
function wholeBuffer({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

parentPort?.on("message", async (job: CodecRequest) => {
  try {
    const { result, transfer } = await handle(job);
    parentPort?.postMessage({ id: job.id, result } satisfies CodecAnswer, transfer);
  } catch (error) {
    parentPort?.postMessage({ id: job.id, failure: toFailure(error) } satisfies CodecAnswer);
  }
});
