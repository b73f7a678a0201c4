import { createLogger, readConfig, runProcess, systemClock } from "@slipway/service-kit";
import { consoleSettings } from "./config.ts";
import { createConsole } from "./server.ts";

const logger = createLogger("console");

await runProcess(
  () => {
    // biome-ignore lint/style/noProcessEnv: the edge of the process; nothing else reads the environment
    const config = readConfig(consoleSettings, process.env);
    logger.level = config.logLevel;
    return createConsole(config, { logger, clock: systemClock });
  },
  { logger, clock: systemClock },
);
