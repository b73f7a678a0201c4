import { attentionReason, deploymentOrder, health, lifecycle, SlipwayError } from "@slipway/contracts";
import { type AttentionChoice, type Choice, DEPLOYMENTS_LIMIT, type DeploymentFilter } from "@slipway/domain";
import * as z from "zod";
import { cursorInput } from "./cursors.ts";
import { groupInput } from "./inputs.ts";

const CHOICE_MAX = 2_000;
const VALUES_MAX = 50;

const choice = (what: string) =>
  z
    .string()
    .max(CHOICE_MAX)
    .exactOptional()
    .describe(`${what}; several by comma, each with ! in front to leave it out`);

/** By what lists of deployments are narrowed, as it stands in an address. */
export const filterInput = z.strictObject({
  group: z.union([groupInput, z.literal("*")]).describe("The tenant; * = all that you may see"),
  search: z
    .string()
    .max(200)
    .exactOptional()
    .describe("Part of the name, title, uid, model or a label; or an endpoint's address"),
  lifecycle: choice(lifecycle.options.join(", ")),
  health: choice(health.options.join(", ")),
  environment: choice("development, staging, production"),
  visibility: choice("private, public"),
  format: choice("onnx"),
  labels: choice("team=growth; several values of one label are alternatives, several labels all count"),
  attention: z
    .string()
    .max(CHOICE_MAX)
    .exactOptional()
    .describe(`Why to look at it: any, or ${attentionReason.options.join(", ")}; several by comma`),
  stuckMinutes: z.coerce.number().int().min(1).max(10_080).exactOptional().describe("How long on its way is stuck; 10"),
});

/** The same, page by page and in an order. */
export const pageInput = filterInput.extend({
  sort: deploymentOrder.exactOptional().describe("name, updated, created and others; - in front for the largest first"),
  limit: z.coerce.number().int().min(1).max(DEPLOYMENTS_LIMIT).default(50),
  after: cursorInput,
});

const ENVIRONMENTS = ["development", "staging", "production"];
const VISIBILITIES = ["private", "public"];

/** What the domain takes of it. @throws request/invalid naming the field, what was given and what is allowed */
export function filterOf(input: z.output<typeof filterInput>): DeploymentFilter {
  const choices = {
    lifecycle: readChoice("lifecycle", input.lifecycle, lifecycle.options),
    health: readChoice("health", input.health, health.options),
    environment: readChoice("environment", input.environment, ENVIRONMENTS),
    visibility: readChoice("visibility", input.visibility, VISIBILITIES),
    format: readChoice("format", input.format, null),
    labels: readLabels(input.labels),
  };
  return {
    group: input.group,
    ...(input.search === undefined ? {} : { search: input.search }),
    ...choices,
    attention: readAttention(input.attention),
    ...(input.stuckMinutes === undefined ? {} : { stuckMinutes: input.stuckMinutes }),
  };
}

/** The page that is asked for, but for its place. */
export function pageOf({ sort, limit, after: _, ...filter }: z.output<typeof pageInput>) {
  return { ...filterOf(filter), ...(sort === undefined ? {} : { order: sort }), limit };
}

function readChoice(field: string, text: string | undefined, allowed: readonly string[] | null): Choice {
  const parts = split(field, text);
  const values = parts.map((part) => (part.startsWith("!") ? part.slice(1) : part));
  const unknown = values.find((value) => allowed !== null && !allowed.includes(value));
  if (unknown !== undefined) throw invalid(field, `is "${unknown}"; allowed: ${allowed?.join(", ")}`);
  return {
    any: parts.filter((part) => !part.startsWith("!")),
    none: parts.filter((part) => part.startsWith("!")).map((part) => part.slice(1)),
  };
}

function readLabels(text: string | undefined): Choice {
  const choice = readChoice("labels", text, null);
  const wrong = [...choice.any, ...choice.none].find((label) => label.indexOf("=") < 1);
  if (wrong !== undefined) throw invalid("labels", `"${wrong}" must be name=value`);
  return choice;
}

function readAttention(text: string | undefined): AttentionChoice {
  const allowed = ["any", ...attentionReason.options] as const;
  return split("attention", text).map((given) => {
    const found = allowed.find((reason) => reason === given);
    if (found === undefined) throw invalid("attention", `is "${given}"; allowed: ${allowed.join(", ")}`);
    return found;
  });
}

function split(field: string, text = ""): string[] {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.length > VALUES_MAX)
    throw invalid(field, `holds ${parts.length} values; at most ${VALUES_MAX} are allowed`);
  return parts;
}

function invalid(field: string, rule: string): SlipwayError {
  return new SlipwayError("request/invalid", { problem: `${field} ${rule}.` }, { field });
}
