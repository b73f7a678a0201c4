import { create } from "@bufbuild/protobuf";
import { type Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { SlipwayError } from "@slipway/contracts";
import { serviceDefinition, toServiceError } from "@slipway/rpc";
import {
  GRPCInferenceService,
  type ModelInferRequest,
  type ModelInferResponse,
  ModelInferResponseSchema,
} from "@slipway/rpc/inference";

export type SeenCall = { request: ModelInferRequest; metadata: Metadata };
export type GrpcReplica = { address: string; seen: SeenCall[]; cancelled: number; kill(): void };

type Call = ServerUnaryCall<ModelInferRequest, ModelInferResponse>;
type Answer = "echo" | "large" | "hang" | "not_loaded" | "invalid";

/** A model server as far as the gateway's gRPC side sees one. */
export async function startGrpcReplica(answer: Answer = "echo"): Promise<GrpcReplica> {
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  server.addService(serviceDefinition(GRPCInferenceService), {
    modelInfer(call: Call, callback: sendUnaryData<ModelInferResponse>) {
      replica.seen.push({ request: call.request, metadata: call.metadata });
      call.on("cancelled", () => {
        replica.cancelled += 1;
      });
      const { id } = call.request;
      const modelName = String(call.metadata.get("x-slipway-model")[0]);
      const modelVersion = String(call.metadata.get("x-slipway-version")[0]);
      switch (answer) {
        case "echo":
          callback(null, create(ModelInferResponseSchema, { modelName, modelVersion, id }));
          return;
        case "large":
          callback(
            null,
            create(ModelInferResponseSchema, { modelName, id, rawOutputContents: [Buffer.alloc(4_000_000)] }),
          );
          return;
        case "not_loaded":
          callback(toServiceError(new SlipwayError("model/not_loaded", { model: "x" }), "req_1"));
          return;
        case "invalid":
          callback(toServiceError(new SlipwayError("tensor/missing", { input: "x" }), "req_1"));
          return;
        case "hang":
          return;
        default:
          answer satisfies never;
      }
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  const replica: GrpcReplica = {
    address: `127.0.0.1:${port}`,
    seen: [],
    cancelled: 0,
    kill: () => server.forceShutdown(),
  };
  return replica;
}
