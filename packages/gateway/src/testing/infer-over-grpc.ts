import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { methodDefinition } from "@slipway/rpc";
import { GRPCInferenceService, ModelInferRequestSchema, type ModelInferResponse } from "@slipway/rpc/inference";

export type GrpcOutcome = { response?: ModelInferResponse; error?: ServiceError };

/** One inference by a client of its own, the way any gRPC client would make it. */
export async function inferOverGrpc(
  address: string,
  metadata: Readonly<Record<string, string>>,
  request: MessageInitShape<typeof ModelInferRequestSchema>,
  deadlineMs = 10_000,
): Promise<GrpcOutcome> {
  const client = new Client(address, credentials.createInsecure());
  const sent = new Metadata();
  for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
  const { path, requestSerialize, responseDeserialize } = methodDefinition(GRPCInferenceService.method.modelInfer);
  const message = create(ModelInferRequestSchema, request);
  const options = { deadline: Date.now() + deadlineMs };
  const outcome = await new Promise<GrpcOutcome>((resolve) =>
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, sent, options, (error, response) =>
      resolve(error === null ? (response === undefined ? {} : { response }) : { error }),
    ),
  );
  client.close();
  return outcome;
}
