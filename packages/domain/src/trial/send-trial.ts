import {
  groupName,
  name,
  type TrialAnswer,
  type TrialProtocol,
  trialBody,
  trialProtocol,
  trialText,
} from "@slipway/contracts";
import * as z from "zod";
import { authorise } from "../actor.ts";
import type { GatewayContext } from "../context.ts";
import { getResource } from "../resource/get-resource.ts";

export const sendTrialInput = z.object({
  group: groupName,
  deployment: name,
  body: trialBody,
  protocol: trialProtocol.default("v2"),
});
export type SendTrial = z.input<typeof sendTrialInput>;

/**
 * Calls a deployment through the gateway as the console, private or not, so that a person can try it without a token.
 * What the gateway says comes back as it is, also when it refuses; nothing of the platform is changed.
 * @throws resource/not_found, trial/no_gateway, trial/timeout, request/cancelled
 */
export async function sendTrial(ctx: GatewayContext, input: SendTrial, signal: AbortSignal): Promise<TrialAnswer> {
  authorise(ctx.actor, "deployment.try");
  const { group, deployment, body, protocol } = sendTrialInput.parse(input);
  await getResource(ctx, { kind: "Deployment", group, name: deployment });
  const path = pathOf(protocol, deployment);
  const requestId = `req_${ctx.random.uuid()}`;
  return ctx.gateway.post({ group, deployment, path, body: trialText(body), requestId }, signal);
}

function pathOf(protocol: TrialProtocol, deployment: string): string {
  switch (protocol) {
    case "v2":
      return `/v2/models/${encodeURIComponent(deployment)}/infer`;
    case "seldon":
      return "/api/v1.0/predictions";
    default:
      return protocol satisfies never;
  }
}
