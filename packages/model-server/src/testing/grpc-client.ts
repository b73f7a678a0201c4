import type { DescMessage, DescMethod, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { Client, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import { fromGrpcResponse, type InferRequest, type InferResponse, toGrpcRequest } from "@slipway/inference";
import { methodDefinition } from "@slipway/rpc";
import { GRPCInferenceService } from "@slipway/rpc/inference";

/** A caller of the protocol's gRPC form. Rejects with grpc-js's ServiceError. */
export type GrpcClient = ReturnType<typeof createGrpcClient>;

export function createGrpcClient(address: string, headers: Readonly<Record<string, string>> = {}) {
  const client = new Client(address, credentials.createInsecure());
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);

  function call<Input extends DescMessage, Output extends DescMessage>(
    method: DescMethod & { input: Input; output: Output },
    message: MessageInitShape<Input>,
  ): Promise<MessageShape<Output>> {
    const { path, requestSerialize, responseDeserialize } = methodDefinition(method);
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, answer?: MessageShape<Output>) =>
        error === null && answer !== undefined ? resolve(answer) : reject(error);
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        create(method.input, message),
        metadata,
        done,
      );
    });
  }
  return {
    methods: GRPCInferenceService.method,
    call,
    async infer(name: string, request: InferRequest, form: "typed" | "raw", version?: string): Promise<InferResponse> {
      const target = version === undefined ? { name } : { name, version };
      return fromGrpcResponse(await call(GRPCInferenceService.method.modelInfer, toGrpcRequest(request, target, form)));
    },
    close: () => client.close(),
  };
}
