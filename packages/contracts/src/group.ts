import * as z from "zod";
import { groupName } from "./names.ts";

/** A tenant that has something, and how much of each kind. */
export const groupView = z.object({
  name: groupName,
  deployments: z.int().min(0).describe("Deployments in it"),
  models: z.int().min(0).describe("Models of Seldon's kind in it"),
  servers: z.int().min(0).describe("Servers in it"),
});
export type GroupView = z.output<typeof groupView>;
