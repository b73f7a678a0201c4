import { SlipwayError } from "@slipway/contracts";
import { ByteBudget, type ByteLimits } from "@slipway/service-kit";

/** Room for many manifests at their limit, quoted as JSON, and for two at once of each caller. */
const BODY_LIMITS: ByteLimits = { totalBytes: 96 * 1024 * 1024, callerBytes: 16 * 1024 * 1024 };

/** What bodies may hold together, and those of one caller. It refuses by request/too_many_bytes. */
export function createBodyBudget(limits: ByteLimits = BODY_LIMITS): ByteBudget {
  return new ByteBudget(limits, (_whose, limitBytes) => new SlipwayError("request/too_many_bytes", { limitBytes }));
}
