import type { ServerFilter } from "../candidate.ts";
import { fail, pass } from "../verdict.ts";

/** A model that names a server goes nowhere else. */
export const namedServer: ServerFilter = {
  name: "server",
  check(candidate, server) {
    if (candidate.server === null || candidate.server === server.name) return pass;
    return fail("placement/other_server", { server: server.name, wanted: candidate.server });
  },
};
