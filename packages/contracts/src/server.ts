import * as z from "zod";
import { defineKind } from "./kind.ts";
import { groupName } from "./names.ts";
import { memoryQuantity } from "./quantity.ts";

/** A fleet of equal replicas that models are placed on. */
export const Server = defineKind("Server", {
  spec: z.strictObject({
    runtime: z.enum(["onnx"]).default("onnx").describe("Which model server each replica runs"),
    replicas: z.int().min(0).max(1000).default(1).describe("How many replicas the fleet keeps"),
    capabilities: z
      .array(z.string().min(1).max(63))
      .max(32)
      .optional()
      .describe("What its replicas can load; unsaid = what the runtime can"),
    resources: z
      .strictObject({ memory: memoryQuantity.default("4Gi").describe("What one replica offers to models") })
      .prefault({}),
    allowedGroups: z
      .array(groupName)
      .max(100)
      .optional()
      .describe("Only for servers of group platform: the groups that may place models here; unsaid = all"),
  }),
});
export type ServerSpec = z.output<typeof Server.spec>;

/** What a runtime can load when a server does not say. */
export const RUNTIME_CAPABILITIES = { onnx: ["onnx"] } as const;
