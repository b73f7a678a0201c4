import type { ServerFilter } from "../candidate.ts";
import { fail, pass } from "../verdict.ts";

/** A server that is going, or that is scaled to nothing, takes no model. */
export const hasReplicas: ServerFilter = {
  name: "replicas",
  check(_candidate, server, world) {
    const exists = world.replicasOfServer(server.uid).length > 0;
    if (!server.deleting && server.spec.replicas > 0 && exists) return pass;
    return fail("placement/no_replica", { server: server.name });
  },
};
