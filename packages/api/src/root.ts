import { activityRouter } from "./routers/activity.ts";
import { bulkRouter } from "./routers/bulk.ts";
import { deploymentRouter } from "./routers/deployment.ts";
import { groupRouter } from "./routers/group.ts";
import { historyRouter } from "./routers/history.ts";
import { identityRouter } from "./routers/identity.ts";
import { liveRouter } from "./routers/live.ts";
import { logsRouter } from "./routers/logs.ts";
import { metricsRouter } from "./routers/metrics.ts";
import { placementRouter } from "./routers/placement.ts";
import { platformRouter } from "./routers/platform.ts";
import { registryRouter } from "./routers/registry.ts";
import { resourceRouter } from "./routers/resource.ts";
import { sampleRouter } from "./routers/sample.ts";
import { savedViewRouter } from "./routers/saved-view.ts";
import { schemaRouter } from "./routers/schema.ts";
import { tokenRouter } from "./routers/token.ts";
import { trialRouter } from "./routers/trial.ts";
import { router } from "./trpc.ts";

/** Everything that the console, the command line and REST can do. */
export const appRouter = router({
  activity: activityRouter,
  bulk: bulkRouter,
  deployment: deploymentRouter,
  group: groupRouter,
  history: historyRouter,
  identity: identityRouter,
  live: liveRouter,
  logs: logsRouter,
  metrics: metricsRouter,
  placement: placementRouter,
  platform: platformRouter,
  registry: registryRouter,
  resource: resourceRouter,
  sample: sampleRouter,
  savedView: savedViewRouter,
  schema: schemaRouter,
  token: tokenRouter,
  trial: trialRouter,
});
export type AppRouter = typeof appRouter;
