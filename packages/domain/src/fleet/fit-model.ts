import { type FitQuestion, type FitView, fitQuestion } from "@slipway/contracts";
import type * as z from "zod";
import { authorise } from "../actor.ts";
import type { SchedulerContext } from "../context.ts";

export type FitModel = z.input<typeof fitQuestion>;

/**
 * Whether and where a model that nobody deployed yet would be placed now, by the very filters that place models, and which
 * of them says no elsewhere and by how much. Names servers that the group may use, and no other group's models.
 * @throws scheduler/no_leader
 */
export function fitModel(ctx: SchedulerContext, input: FitModel, signal: AbortSignal): Promise<FitView> {
  authorise(ctx.actor, "resource.read");
  const question: FitQuestion = fitQuestion.parse(input);
  return ctx.scheduler.fit(question, signal);
}
