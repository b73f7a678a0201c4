import { createSchedulerProcess, SCHEDULER_SETTINGS } from "@slipway/scheduler";
import { createLogger, readConfig, runProcess, systemClock } from "@slipway/service-kit";

await runProcess(
  () => {
    // biome-ignore lint/style/noProcessEnv: the edge of the process; nothing else reads the environment
    const env = process.env;
    return createSchedulerProcess(readConfig(SCHEDULER_SETTINGS, env), env);
  },
  { logger: createLogger("scheduler"), clock: systemClock },
);
