import { createInferenceClient, type InferenceClient } from "@slipway/inference";
import { Agent, setGlobalDispatcher } from "undici";

/** Takes the time limits of `fetch` itself away from this process: a load may take hours, and every call has a signal. */
export function allowLongCalls(): void {
  setGlobalDispatcher(new Agent({ headersTimeout: 0, bodyTimeout: 0 }));
}

/** A client of the model server at `baseUrl` that shows the platform's secret. */
export function connectModelServer(baseUrl: string, secret: string): InferenceClient {
  return createInferenceClient({ baseUrl, headers: { authorization: `Bearer ${secret}` } });
}
