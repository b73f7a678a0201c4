import type { TrialAnswer } from "@slipway/contracts";

/** One POST of JSON below a deployment's base URL. `path` begins with a slash and is encoded already. */
export type GatewayCall = { group: string; deployment: string; path: string; body: string; requestId: string };

/** The way to deployments, with the console's own credential. */
export type GatewayPort = {
  /**
   * Sends a call and resolves with whatever the gateway answers, errors of its own included.
   * @throws trial/no_gateway when none answers, trial/timeout, request/cancelled when `signal` was given up
   */
  post(call: GatewayCall, signal: AbortSignal): Promise<TrialAnswer>;
};
