import type { TokenMethod } from "@slipway/contracts";

/** What a path under a deployment's base asks for. */
export type Operation =
  | { kind: "server_metadata" }
  | { kind: "server_live" }
  | { kind: "server_ready" }
  | { kind: "model"; action: "metadata" | "ready" | "infer"; model: string; version: string | null }
  | { kind: "predictions" };

const SEGMENT = "([^/]+)";
const MODEL = new RegExp(`^/v2/models/${SEGMENT}(?:/versions/${SEGMENT})?(?:/(ready|infer))?$`);

/** Reads a path relative to the base; null when there is nothing at it. */
export function readOperation(path: string): Operation | null {
  switch (path) {
    case "/v2":
    case "/v2/":
      return { kind: "server_metadata" };
    case "/v2/health/live":
      return { kind: "server_live" };
    case "/v2/health/ready":
      return { kind: "server_ready" };
    case "/api/v1.0/predictions":
      return { kind: "predictions" };
    default: {
      const match = MODEL.exec(path);
      if (match?.[1] === undefined) return null;
      const action = match[3] === "infer" || match[3] === "ready" ? match[3] : "metadata";
      return { kind: "model", action, model: match[1], version: match[2] ?? null };
    }
  }
}

/** What the scope of a token must hold for an operation; null where it asks for nothing but that somebody may be here at all. */
export function scopeOf(operation: Operation): TokenMethod | null {
  switch (operation.kind) {
    case "server_metadata":
      return "metadata";
    case "server_live":
    case "server_ready":
      return null;
    case "predictions":
      return "infer";
    case "model":
      return operation.action === "ready" ? null : operation.action;
    default:
      return operation satisfies never;
  }
}

/** The method that an operation is asked for with. */
export function methodOf(operation: Operation): "GET" | "POST" {
  switch (operation.kind) {
    case "server_metadata":
    case "server_live":
    case "server_ready":
      return "GET";
    case "predictions":
      return "POST";
    case "model":
      return operation.action === "infer" ? "POST" : "GET";
    default:
      return operation satisfies never;
  }
}
