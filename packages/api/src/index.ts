export { type Api, type ApiDeps, createApi } from "./create-api.ts";
export { createGatewayClient } from "./gateway/gateway-client.ts";
export { answerBrokenRequest } from "./http/answer-broken-request.ts";
export { requestIdOf } from "./http/request-id.ts";
export { isUpload } from "./rest/receive-upload.ts";
export type { AppRouter } from "./root.ts";
export { createSchedulerClient, type SchedulerClient } from "./scheduler/scheduler-client.ts";
