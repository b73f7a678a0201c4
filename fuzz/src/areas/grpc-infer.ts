import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import { fromBinary } from "@bufbuild/protobuf";
import { status as grpcStatus } from "@grpc/grpc-js";
import { ERROR_CODES } from "@slipway/contracts";
import { fromGrpcRequest, fromGrpcResponse } from "@slipway/inference";
import { ModelInferResponseSchema, ModelMetadataResponseSchema } from "@slipway/rpc/inference";
import * as fc from "fast-check";
import { type Area, hold } from "../area.ts";
import { mutated } from "../gen/mutate.ts";
import { PRIVATE, PUBLIC } from "../rig/serving.ts";
import { mustBeInTable } from "./callers-fault.ts";
import { decodeRequest, GRPC_CORPUS, grpcMessage } from "./grpc-messages.ts";
import { servingArea } from "./serving-area.ts";

const METHODS = ["ModelInfer", "ModelInfer", "ModelInfer", "ModelInfer", "ModelMetadata", "ModelReady"] as const;
const OVER = new Set<number>([grpcStatus.UNKNOWN, grpcStatus.INTERNAL, grpcStatus.UNAVAILABLE, grpcStatus.DATA_LOSS]);

/** What names another model, in the fields that name one. */
const names = (uid: string, version: string) =>
  Buffer.concat([field(1, Buffer.from(uid)), field(2, Buffer.from(version))]);
/** The head of a field whose content is yet to come: whatever is put behind the message is inside it. */
const openField = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.oneof(fc.integer({ min: 54, max: 58 }), fc.integer({ min: 0, max: 127 })))
  .map(([number, length]) => Buffer.concat([varint(number * 8 + 2), varint(length)]));
const escaping = fc
  .tuple(
    fc.constantFrom(names(PRIVATE.uid, PRIVATE.version), names(PRIVATE.uid, ""), names(PRIVATE.deployment, "")),
    fc.constantFrom(...GRPC_CORPUS),
    fc.option(openField, { nil: Buffer.alloc(0) }),
  )
  // The last value of a field counts, and the first is what a reader that stops early sees.
  .map(([named, whole, open]) => Buffer.concat([named, whole, named, open]));
const message = fc.oneof({ weight: 3, arbitrary: grpcMessage }, { weight: 2, arbitrary: escaping });
const body = fc.oneof(
  { weight: 8, arbitrary: message.map((one) => framed(one)) },
  { weight: 1, arbitrary: mutated(GRPC_CORPUS.map(framed)) },
  { weight: 1, arbitrary: fc.tuple(message, message).map(([a, b]) => Buffer.concat([framed(a), framed(b)])) },
);

export const grpcInfer: Area = {
  name: "grpc-infer",
  guarantee: "a gRPC call is answered by its route's version with its numbers, or refused as its caller's fault",
  inputs: { long: 40_000, short: 200 },
  bytes: () =>
    fc.tuple(fc.nat(METHODS.length - 1), body).map(([method, one]) => Buffer.concat([Buffer.of(method), one])),
  open: () =>
    servingArea(({ grpcAddress }) => {
      const session = connect(`http://${grpcAddress}`);
      session.on("error", () => undefined);
      return {
        async check(bytes) {
          const method = METHODS[(bytes[0] ?? 0) % METHODS.length] ?? "ModelInfer";
          mustBeRight(method, bytes.subarray(1), await call(session, method, bytes.subarray(1)));
        },
        close: () => session.destroy(),
      };
    }),
};

type Answer = { status: number | null; code: string | undefined; message: string; body: Buffer };

function call(session: ClientHttp2Session, method: string, bytes: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": "POST",
      ":path": `/inference.GRPCInferenceService/${method}`,
      "content-type": "application/grpc",
      te: "trailers",
      "slipway-deployment": `default/${PUBLIC.deployment}`,
    });
    const chunks: Buffer[] = [];
    let ended: IncomingHttpHeaders = {};
    const take = (headers: IncomingHttpHeaders) => {
      if (headers["grpc-status"] !== undefined) ended = headers;
    };
    stream.on("response", take);
    stream.on("trailers", take);
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", () => undefined);
    stream.setTimeout(20_000, () => reject(new Error("no answer within 20 s")));
    stream.on("close", () => {
      const status = ended["grpc-status"];
      const code = ended["slipway-code"];
      resolve({
        status: status === undefined ? null : Number(status),
        code: typeof code === "string" ? code : undefined,
        message: String(ended["grpc-message"] ?? ""),
        body: Buffer.concat(chunks),
      });
    });
    stream.end(bytes);
  });
}

function mustBeRight(method: (typeof METHODS)[number], sent: Buffer, answer: Answer): void {
  const { status, code, message: words } = answer;
  hold(status !== null, "every call ends with a status");
  if (status !== grpcStatus.OK) {
    hold(!OVER.has(status), "garbage is its caller's fault", () => `status ${status} ${code} ${words}`);
    const known = mustBeInTable(code);
    if (known === "tensor/non_finite_output") return;
    const entry = ERROR_CODES[known];
    hold(entry.owner === "caller", "garbage is its caller's fault", () => known);
    hold(grpcStatus[entry.grpc] === status, "a refusal has its code's status", () => `${status} ${known}`);
    return;
  }
  const bytes = answer.body.subarray(5);
  switch (method) {
    case "ModelReady":
      return;
    case "ModelMetadata": {
      const { name, inputs, outputs } = fromBinary(ModelMetadataResponseSchema, bytes);
      hold(name === PUBLIC.deployment, "metadata is the deployment's", () => [name, inputs.length, outputs.length]);
      return;
    }
    case "ModelInfer": {
      const response = fromBinary(ModelInferResponseSchema, bytes);
      hold(response.modelName === PUBLIC.deployment, "an answer names the deployment", () => response.modelName);
      hold(
        response.modelVersion === PUBLIC.version,
        "the answering version is the route's",
        () => response.modelVersion,
      );
      mustHaveItsNumbers(sent, response);
      return;
    }
    default:
      method satisfies never;
  }
}

function mustHaveItsNumbers(sent: Buffer, response: Parameters<typeof fromGrpcResponse>[0]): void {
  const request = decodeRequest(sent.subarray(5));
  if (request === null) return;
  const input = fromGrpcRequest(request).inputs.find(({ name }) => name === "x");
  const [output] = fromGrpcResponse(response).outputs;
  const right = [...(input?.data ?? [])].map((value) => Math.fround(Number(value) * PUBLIC.factor));
  const given = [...(output?.data ?? [])].map(Number);
  const isSame = right.length === given.length && right.every((value, index) => Object.is(value, given[index]));
  hold(isSame, "the answer has this request's numbers", () => [right.map(String), given.map(String)]);
}

function framed(bytes: Uint8Array): Buffer {
  const whole = Buffer.alloc(5 + bytes.length);
  whole.writeUInt32BE(bytes.length, 1);
  whole.set(bytes, 5);
  return whole;
}

function varint(value: number): Buffer {
  return value < 128 ? Buffer.of(value) : Buffer.of((value & 127) | 128, value >> 7);
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}
