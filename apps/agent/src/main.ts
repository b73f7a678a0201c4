import { agentSettings, createAgent, inheritedEnvironment } from "@slipway/agent";
import { createLogger, readConfig, runProcess, systemClock } from "@slipway/service-kit";

const logger = createLogger("agent");

await runProcess(
  () => {
    // biome-ignore lint/style/noProcessEnv: the edge of the process; nothing else reads the environment
    const env = process.env;
    const config = readConfig(agentSettings, env);
    logger.level = config.logLevel;
    return createAgent(config, {
      logger,
      clock: systemClock,
      random: Math.random,
      inherited: inheritedEnvironment(env),
      end: () => process.kill(process.pid, "SIGTERM"),
    });
  },
  { logger, clock: systemClock },
);
