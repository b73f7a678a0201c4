import { PLATFORM_GROUP } from "@slipway/contracts";
import type { ServerFilter } from "../candidate.ts";
import { fail, pass } from "../verdict.ts";

/** A server of the platform takes models of every group, or of those it allows; any other one only its own group's. */
export const tenancy: ServerFilter = {
  name: "tenancy",
  check(candidate, server) {
    if (server.group === candidate.group) return pass;
    const allowed = server.group === PLATFORM_GROUP && (server.spec.allowedGroups?.includes(candidate.group) ?? true);
    return allowed ? pass : fail("placement/group_not_allowed", { server: server.name, group: candidate.group });
  },
};
