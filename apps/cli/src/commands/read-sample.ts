import * as z from "zod";
import type { ApiClient } from "../client/api-client.ts";
import { type Target, targetPath } from "../client/resources.ts";

const sampleAnswer = z.looseObject({
  inputs: z.array(z.unknown()),
  parameters: z.looseObject({ sample: z.string().optional() }).optional(),
});

/** A body to try a deployment with, and where it comes from in words. */
export type Sample = { body: string; says: string };

/** The request that a deployment's manifest carries, else one made from its model's signature. */
export async function readSample(api: ApiClient, target: Target): Promise<Sample> {
  const body = await api.call({
    path: targetPath(target, "sample"),
    query: { group: target.group },
    answer: sampleAnswer,
  });
  const made = body.parameters?.sample;
  return { body: JSON.stringify(body), says: made === undefined ? "Sending its sample" : `Sending a request ${made}` };
}
