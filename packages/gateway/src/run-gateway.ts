import {
  createLogger,
  identify,
  removeProcessRecord,
  runProcess,
  type Service,
  systemClock,
  writeProcessRecord,
} from "@slipway/service-kit";
import { type GatewayConfig, readGatewayConfig } from "./config.ts";
import { createGateway, type Gateway } from "./gateway.ts";

/** Runs a gateway as this process until a signal stops it; its record says where it listens. */
export async function runGateway(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const logger = createLogger(env.SLIPWAY_PROCESS_NAME ?? "gateway");
  const create = (): Service => {
    const config = readGatewayConfig(env);
    logger.level = config.logLevel;
    return recorded(config, createGateway(config, { clock: systemClock, logger }));
  };
  await runProcess(create, { logger, clock: systemClock });
}

/** The same service, with a process record from when it listens to when it has stopped. */
function recorded({ recordDirectory, processName }: GatewayConfig, gateway: Gateway): Service {
  if (recordDirectory === undefined) return gateway;
  return {
    ...gateway,
    async start(signal) {
      await gateway.start(signal);
      const identity = identify();
      if (identity === null) throw new Error("the process cannot identify itself");
      const http = gateway.address();
      const grpc = gateway.grpcAddress();
      const addresses = { http: `http://${http.address}:${http.port}`, grpc: `${grpc.address}:${grpc.port}` };
      writeProcessRecord(recordDirectory, { ...identity, name: processName, addresses });
    },
    async stop(deadline) {
      await gateway.stop(deadline);
      removeProcessRecord(recordDirectory, processName);
    },
  };
}
