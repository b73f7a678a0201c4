import { DEFAULT_GROUP, Deployment, type ResourceView } from "@slipway/contracts";
import { API_TIMEOUT_MS, failureOf, pathOf } from "../client/api-client.ts";
import { createCliTokens } from "../client/cli-token.ts";
import { readPlatformAddresses } from "../client/credentials.ts";
import { readResource, type Target } from "../client/resources.ts";
import { failure } from "../failure.ts";
import { type CommandContext, groupOption, verb } from "./context.ts";
import { readGivenJson } from "./read-given-json.ts";
import { readSample } from "./read-sample.ts";

type Options = { group?: string; data?: string; file?: string };
/** The longest piece of a sample that is shown. */
const SHOWN_SAMPLE_LENGTH = 300;
type Call = { url: string; body: string; token: string | null };

/** `infer NAME [-d JSON | -f FILE]` */
export function inferCommand(context: CommandContext) {
  return verb("infer <name>", "Send a request to a deployment, as its clients do", [
    "infer iris",
    `infer iris -d '{"inputs":[{"name":"input","datatype":"FP32","shape":[1,4],"data":[5.1,3.5,1.4,0.2]}]}'`,
    "infer iris -f request.json",
  ])
    .description(
      "Send a request to a deployment through the gateway, as its clients do. Without a body it sends the deployment's sample.",
    )
    .option("-d, --data <json>", "an Open Inference Protocol request")
    .option("-f, --file <path>", "a file that holds one, or - for standard input")
    .addOption(groupOption())
    .action((name: string, options: Options) =>
      infer(context, { kind: "Deployment", name, group: options.group ?? DEFAULT_GROUP }, options),
    );
}

async function infer(context: CommandContext, target: Target, options: Options): Promise<void> {
  const { terminal, config, clock } = context;
  const api = context.api();
  const addresses = readPlatformAddresses(config.dataDir);
  if (addresses === null) throw failure("no_gateway", { dataDir: config.dataDir });
  const body = await readBody(context, target, options);
  const deployment = await readResource(api, target);
  const path = pathOf("serve", target.group, target.name, "v2", "models", target.name, "infer");
  const call = { url: addresses.gatewayUrl.replace(/\/+$/, "") + path, body };

  const tokens = createCliTokens(config.dataDir, api, clock);
  const token = isPublic(deployment) ? null : await tokens.tokenFor(deployment);
  await openConnection(context, addresses.gatewayUrl);
  let startedMs = clock.monotonicMs();
  let response = await post(context, { ...call, token });
  if (response.status === 401 && token !== null) {
    // The kept token was revoked or renewed elsewhere since it was read.
    const renewed = await tokens.tokenFor(deployment, token);
    startedMs = clock.monotonicMs();
    response = await post(context, { ...call, token: renewed });
  }
  if (!response.ok) throw await failureOf(response, addresses.gatewayUrl);
  const answer = await response.text();
  const tookMs = clock.monotonicMs() - startedMs;
  terminal.print(answer.trimEnd());
  const requestId = response.headers.get("x-request-id");
  terminal.note(
    terminal.noteColours.dim(
      `${response.status} in ${tookMs.toFixed(1)} ms${requestId === null ? "" : `, request ${requestId}`}`,
    ),
  );
}

async function readBody(context: CommandContext, target: Target, options: Options): Promise<string> {
  const given = await readGivenJson(context, options);
  if (given !== null) return given;
  const sample = await readSample(context.api(), target);
  context.terminal.note(context.terminal.noteColours.dim(`${sample.says}: ${shorten(sample.body)}`));
  return sample.body;
}

function shorten(text: string): string {
  return text.length <= SHOWN_SAMPLE_LENGTH ? text : `${text.slice(0, SHOWN_SAMPLE_LENGTH)}…`;
}

/** Opens the connection before the clock runs, so that the latency is the deployment's and not this command's start. */
async function openConnection(context: CommandContext, gatewayUrl: string): Promise<void> {
  await fetch(new URL("/health/live", gatewayUrl), { signal: context.signal })
    .then((response) => response.text())
    .catch(() => undefined);
}

function isPublic(deployment: ResourceView): boolean {
  return Deployment.spec.safeParse(deployment.spec).data?.access.visibility === "public";
}

async function post(context: CommandContext, call: Call): Promise<Response> {
  try {
    return await fetch(call.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(call.token === null ? {} : { authorization: `Bearer ${call.token}` }),
      },
      body: call.body,
      signal: AbortSignal.any([context.signal, AbortSignal.timeout(API_TIMEOUT_MS * 20)]),
    });
  } catch (error) {
    if (context.signal.aborted) throw error;
    throw failure("unreachable", { url: new URL(call.url).origin });
  }
}
