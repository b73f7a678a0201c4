import { createdClientToken, type ResourceView, resourceView } from "@slipway/contracts";
import * as z from "zod";
import { PlatformError } from "../platform-error.ts";

/** What a start asks of the console's REST interface. */
export type ConsoleApi = {
  apply(manifest: string, message: string): Promise<void>;
  /** null when there is none. */
  get(kindPlural: string, name: string, group: string): Promise<ResourceView | null>;
  /** A request to try a deployment with, as JSON. */
  sample(deployment: string): Promise<unknown>;
  renewToken(deployment: string, client: string): Promise<string>;
  createSignInLink(): Promise<string>;
};

const TIMEOUT_MS = 20_000;
const errorBody = z.object({ error: z.string() });

/** Speaks REST with the administrator's token of the data directory. */
export function createConsoleApi(consoleUrl: string, adminToken: string, signal: AbortSignal): ConsoleApi {
  async function call(
    method: "GET" | "POST",
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${consoleUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminToken}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const answer: unknown = await response.json().catch(() => null);
    if (response.ok || response.status === 404) return { status: response.status, body: answer };
    const told = errorBody.safeParse(answer);
    const sentence = told.success ? told.data.error : `status ${response.status}`;
    throw new PlatformError(`${method} ${path} was refused: ${sentence}`, "look into the console's log.");
  }
  const encoded = encodeURIComponent;
  return {
    async apply(manifest, message) {
      await call("POST", "/apply", { manifest, message, source: "demo" });
    },
    async get(kindPlural, name, group) {
      const { status, body } = await call("GET", `/${kindPlural}/${encoded(name)}?group=${encoded(group)}`);
      return status === 404 ? null : resourceView.parse(body);
    },
    async sample(deployment) {
      return (await call("GET", `/deployments/${encoded(deployment)}/sample`)).body;
    },
    async renewToken(deployment, client) {
      const { body } = await call("POST", `/deployments/${encoded(deployment)}/tokens`, { client, renew: true });
      return createdClientToken.parse(body).token;
    },
    async createSignInLink() {
      return z.object({ url: z.string() }).parse((await call("POST", "/login-links", {})).body).url;
    },
  };
}
