import { create, type DescMessage, type DescMethod, fromBinary, type MessageShape } from "@bufbuild/protobuf";
import type { handleUnaryCall, Metadata, UntypedServiceImplementation } from "@grpc/grpc-js";
import { ERROR_CODES, SlipwayError } from "@slipway/contracts";
import {
  fromGrpcRequest,
  type GrpcInferRequest,
  type InferResponse,
  type TensorSpec,
  toGrpcResponse,
} from "@slipway/inference";
import { toServiceError } from "@slipway/rpc";
import * as oip from "@slipway/rpc/inference";
import type { Logger, Readiness } from "@slipway/service-kit";
import type { BearerCheck } from "../bearer.ts";
import { ByteShare, type BytesInFlight, ManualEnd } from "../codec/bytes-in-flight.ts";
import { type Codec, LARGE_BYTES } from "../codec/codec.ts";
import { hasManyTexts, isQuicklyRead, isQuicklyWritten, roughGrpcBytes } from "../codec/grpc-bodies.ts";
import { type RunEnd, runEnd, TIMEOUT_HEADER } from "../execution/run-end.ts";
import {
  codeOf,
  findTarget,
  inferWith,
  MODEL_HEADER,
  type ModelTarget,
  REQUEST_ID_HEADER,
  readRequestId,
  readServedName,
  SERVED_NAME_HEADER,
  VERSION_HEADER,
} from "../infer.ts";
import type { ModelServerMetrics } from "../metrics.ts";
import type { ModelLog } from "../model-log.ts";
import { describeMetadata } from "../repository/describe-model.ts";
import type { HeldModel } from "../repository/held-model.ts";
import type { ModelRepository } from "../repository/model-repository.ts";
import { readLoadRequest, readUnloadVersion } from "../repository/read-load-request.ts";
import { newRequestId } from "../request-id.ts";
import { SERVER_EXTENSIONS, SERVER_NAME, SERVER_VERSION } from "../server-identity.ts";

export type GrpcHandlerDeps = {
  repository: ModelRepository;
  metrics: ModelServerMetrics;
  logger: Logger;
  log: ModelLog;
  isAllowed: BearerCheck;
  codec: Codec;
  bytesInFlight: BytesInFlight;
  ready: () => Readiness;
};

/** Every call of the service; errors get their status, public text and code from the table. */
export function createGrpcHandlers(deps: GrpcHandlerDeps): UntypedServiceImplementation {
  const { repository, metrics, log, isAllowed, codec, bytesInFlight } = deps;

  function unary<Input extends DescMessage, Output extends DescMessage>(
    { input }: DescMethod & { input: Input; output: Output },
    answer: (
      request: MessageShape<Input>,
      metadata: Metadata,
      isCancelled: () => boolean,
    ) => MessageShape<Output> | Promise<MessageShape<Output>>,
    access: "open" | "secret" = "secret",
  ): handleUnaryCall<Buffer, MessageShape<Output>> {
    return unread((bytes, metadata, isCancelled) => answer(readMessage(input, bytes), metadata, isCancelled), access);
  }

  /** A call that reads its message itself. */
  function unread<Answer>(
    answer: (message: Buffer, metadata: Metadata, isCancelled: () => boolean) => Answer | Promise<Answer>,
    access: "open" | "secret" = "secret",
  ): handleUnaryCall<Buffer, Answer> {
    return async (call, callback) => {
      try {
        if (access === "secret") checkSecret(call.metadata, isAllowed);
        callback(null, await answer(call.request, call.metadata, () => call.cancelled));
      } catch (error) {
        const requestId = readRequestId(headerOf(call.metadata, REQUEST_ID_HEADER)) ?? newRequestId();
        if (ERROR_CODES[codeOf(error)].owner !== "caller") deps.logger.warn({ requestId, err: error }, "call failed");
        callback(toServiceError(error, requestId));
      }
    };
  }

  /** A large answer is written beside the serving thread, and comes as bytes. */
  async function write(response: InferResponse, form: "typed" | "raw", share: ByteShare, end: RunEnd) {
    const roughBytes = roughGrpcBytes(response);
    if (isQuicklyWritten(response, form, roughBytes, codec.maxAnswerBytes)) return toGrpcResponse(response, form);
    share.take(roughBytes);
    const message = await codec.writeGrpc(response, form, roughBytes, end);
    return Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  }

  const { method } = oip.GRPCInferenceService;
  return {
    serverLive: unary(method.serverLive, () => create(oip.ServerLiveResponseSchema, { live: true }), "open"),
    serverReady: unary(
      method.serverReady,
      () => create(oip.ServerReadyResponseSchema, { ready: deps.ready().ready }),
      "open",
    ),
    modelReady: unary(method.modelReady, (request, metadata) => {
      const { model } = locate(repository, request, metadata);
      return create(oip.ModelReadyResponseSchema, { ready: model !== undefined && model.fault === null });
    }),
    serverMetadata: unary(method.serverMetadata, () =>
      create(oip.ServerMetadataResponseSchema, {
        name: SERVER_NAME,
        version: SERVER_VERSION,
        extensions: SERVER_EXTENSIONS,
      }),
    ),
    modelMetadata: unary(method.modelMetadata, (request, metadata) => {
      const { target } = locate(repository, request, metadata);
      const model = findTarget(repository, target);
      const versions = target.servedName === undefined ? repository.versionsOf(model.name) : null;
      const described = describeMetadata(model, target.servedName ?? model.name, versions);
      return create(oip.ModelMetadataResponseSchema, {
        ...described,
        versions: described.versions ?? [],
        inputs: described.inputs.map(toTensorMetadata),
        outputs: described.outputs.map(toTensorMetadata),
      });
    }),
    modelInfer: unread(async (bytes, metadata, isCancelled) => {
      const end = runEnd(headerOf(metadata, TIMEOUT_HEADER), isCancelled);
      let model: HeldModel | undefined;
      const id = readRequestId(headerOf(metadata, REQUEST_ID_HEADER));
      const over = new ManualEnd();
      const share = new ByteShare(bytesInFlight, over);
      const find = (asked: { modelName: string; modelVersion: string }) => {
        const { target } = locate(repository, { name: asked.modelName, version: asked.modelVersion }, metadata);
        const found = findTarget(repository, target);
        model = found;
        return { found, modelName: target.servedName ?? found.name };
      };
      try {
        if (bytes.length >= LARGE_BYTES) share.take(bytes.length);
        const message = isQuicklyRead(bytes) ? readMessage(oip.ModelInferRequestSchema, bytes) : null;
        let asked: GrpcInferRequest;
        let target: ReturnType<typeof find>;
        if (message !== null && !hasManyTexts(message)) {
          target = find(message);
          asked = fromGrpcRequest(message);
        } else {
          const read = await codec.readGrpc(bytes, end);
          target = find(read);
          asked = read.request;
        }
        const response = await inferWith(target.found, asked, { modelName: target.modelName, id }, end);
        const answer = await write(response, asked.isRaw ? "raw" : "typed", share, end);
        metrics.answered("grpc", null);
        log.answered(target.found, id);
        return answer;
      } catch (error) {
        metrics.answered("grpc", codeOf(error));
        if (model !== undefined) log.failed(model, id ?? newRequestId(), error);
        throw error;
      } finally {
        over.close();
      }
    }),
    repositoryIndex: unary(method.repositoryIndex, (request) =>
      create(oip.RepositoryIndexResponseSchema, {
        models: repository
          .index()
          .filter((entry) => !request.ready || entry.state === "READY")
          .map(({ name, version, state, reason }) => ({ name, version: version ?? "", state, reason })),
      }),
    ),
    repositoryModelLoad: unary(method.repositoryModelLoad, async (request, _metadata, isCancelled) => {
      const parameters = readParameters(request.parameters);
      try {
        const asked = readLoadRequest(request.modelName, { parameters });
        await repository.load(asked, runEnd(undefined, isCancelled));
        metrics.loadEnded(null);
      } catch (error) {
        metrics.loadEnded(codeOf(error));
        throw error;
      }
      return create(oip.RepositoryModelLoadResponseSchema);
    }),
    repositoryModelUnload: unary(method.repositoryModelUnload, async (request) => {
      await repository.unload(request.modelName, readUnloadVersion({ parameters: readParameters(request.parameters) }));
      return create(oip.RepositoryModelUnloadResponseSchema);
    }),
  };
}

/** Nobody but its sender is at fault for a message that cannot be read. @throws SlipwayError request/invalid */
function readMessage<Input extends DescMessage>(schema: Input, bytes: Buffer): MessageShape<Input> {
  try {
    return fromBinary(schema, bytes);
  } catch (cause) {
    throw new SlipwayError("request/invalid", { problem: `The message is not a valid ${schema.name}.` }, { cause });
  }
}

function locate(repository: ModelRepository, asked: { name: string; version: string }, metadata: Metadata) {
  const target = routedTarget(metadata) ?? {
    name: asked.name,
    version: asked.version === "" ? undefined : asked.version,
    servedName: undefined,
  };
  const find = target.servedName === undefined ? repository.find : repository.findOrNewest;
  return { target, model: find(target.name, target.version) };
}

/**
 * What a router says is to be served; null for a call that comes from none. A router's caller wrote the message, so its
 * model name and version play no part then, and a router that says half of it is refused: the rest is never guessed.
 * @throws SlipwayError request/invalid
 */
function routedTarget(metadata: Metadata): ModelTarget | null {
  const given = [SERVED_NAME_HEADER, MODEL_HEADER, VERSION_HEADER].map((name) => metadata.get(name));
  if (given.every((values) => values.length === 0)) return null;
  const [servedName, name, version] = given.map((values) =>
    values.length === 1 ? readServedName(values[0]) : undefined,
  );
  if (servedName === undefined || name === undefined || version === undefined) {
    throw new SlipwayError("request/invalid", {
      problem: `A router must say ${SERVED_NAME_HEADER}, ${MODEL_HEADER} and ${VERSION_HEADER}, each exactly once.`,
    });
  }
  return { servedName, name, version };
}

function checkSecret(metadata: Metadata, isAllowed: BearerCheck): void {
  const header = headerOf(metadata, "authorization");
  if (isAllowed(header)) return;
  throw header === undefined
    ? new SlipwayError("auth/missing", { scheme: "Bearer" })
    : new SlipwayError("auth/unknown", {});
}

function headerOf(metadata: Metadata, name: string): string | undefined {
  const [value] = metadata.get(name);
  return typeof value === "string" ? value : undefined;
}

function toTensorMetadata({ name, datatype, shape }: TensorSpec) {
  return { name, datatype, shape: shape.map(BigInt) };
}

/** Parameters of a repository call as the REST form has them. */
function readParameters(
  parameters: Readonly<Record<string, oip.ModelRepositoryParameter>>,
): Record<string, string | number | boolean> {
  const values = new Map<string, string | number | boolean>();
  for (const [key, { parameterChoice }] of Object.entries(parameters)) {
    const value = readParameter(parameterChoice);
    if (value !== undefined) values.set(key, value);
  }
  return Object.fromEntries(values);
}

function readParameter(choice: oip.ModelRepositoryParameter["parameterChoice"]): string | number | boolean | undefined {
  switch (choice.case) {
    case "boolParam":
    case "stringParam":
      return choice.value;
    case "int64Param":
      return Number(choice.value);
    case "bytesParam":
      return Buffer.from(choice.value).toString("utf8");
    case undefined:
      return undefined;
    default:
      return choice satisfies never;
  }
}
