import type { ServerFilter } from "../candidate.ts";
import { fail, pass } from "../verdict.ts";
import { namedServer } from "./named-server.ts";
import { tenancy } from "./tenancy.ts";

/** The replicas of one version sit on one server: where one is wanted and stays, the others go too. */
export const oneServer: ServerFilter = {
  name: "one-server",
  check(candidate, server, world) {
    for (const placement of world.placementsOfModel(candidate.modelUid)) {
      if (placement.version !== candidate.version || placement.state !== "wanted") continue;
      if (placement.serverUid === server.uid) return pass;
      const other = world.servers.get(placement.serverUid);
      if (other === undefined || other.deleting || other.spec.replicas === 0) continue;
      const mayStay = tenancy.check(candidate, other, world).pass && namedServer.check(candidate, other, world).pass;
      if (!mayStay) continue;
      return fail("placement/sits_elsewhere", { server: other.name });
    }
    return pass;
  },
};
