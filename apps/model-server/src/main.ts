import { createModelServer, endBySignal, modelServerSettings } from "@slipway/model-server";
import { createLogger, readConfig, runProcess, systemClock } from "@slipway/service-kit";

const logger = createLogger("model-server");

await runProcess(
  () => {
    // biome-ignore lint/style/noProcessEnv: the edge of the process; nothing else reads the environment
    const config = readConfig(modelServerSettings, process.env);
    logger.level = config.logLevel;
    return createModelServer(config, { logger, clock: systemClock, onStuckThread: endBySignal });
  },
  { logger, clock: systemClock },
);
