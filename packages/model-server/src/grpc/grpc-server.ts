import { Server, ServerCredentials, type ServiceDefinition } from "@grpc/grpc-js";
import { serviceDefinition } from "@slipway/rpc";
import { GRPCInferenceService } from "@slipway/rpc/inference";
import { READY, type Service } from "@slipway/service-kit";
import { createGrpcHandlers, type GrpcHandlerDeps } from "./grpc-handlers.ts";

export type GrpcServerOptions = { host: string; port: number; maxBodyBytes: number };

/**
 * The service with requests as the bytes that came: the handlers read them, so that one that cannot be read is answered
 * with an error of the table, as what its sender did wrong. An answer that is bytes already goes out as it is.
 */
function unreadService(): ServiceDefinition {
  const methods = Object.entries(serviceDefinition(GRPCInferenceService));
  return Object.fromEntries(
    methods.map(([name, method]) => [
      name,
      {
        ...method,
        requestDeserialize: (bytes: Buffer) => bytes,
        responseSerialize: (answer: unknown) => (Buffer.isBuffer(answer) ? answer : method.responseSerialize(answer)),
      },
    ]),
  );
}

/** The gRPC form of the protocol, on a port of its own. */
export function createGrpcServer(options: GrpcServerOptions, deps: GrpcHandlerDeps): Service & { port(): number } {
  const server = new Server({
    "grpc.max_receive_message_length": options.maxBodyBytes,
    "grpc.max_send_message_length": -1,
  });
  server.addService(unreadService(), createGrpcHandlers(deps));
  let boundPort: number | null = null;
  return {
    name: "grpc",
    start: () =>
      new Promise((resolve, reject) => {
        server.bindAsync(`${options.host}:${options.port}`, ServerCredentials.createInsecure(), (error, port) => {
          if (error !== null) return reject(error);
          boundPort = port;
          resolve();
        });
      }),
    stop: (deadline) =>
      new Promise((resolve) => {
        deadline.addEventListener("abort", () => server.forceShutdown(), { once: true });
        server.tryShutdown(() => resolve());
      }),
    ready: () => READY,
    port() {
      if (boundPort === null) throw new Error("the gRPC server does not listen");
      return boundPort;
    },
  };
}
