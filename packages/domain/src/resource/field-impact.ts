import { type FieldChange, type FieldImpact, type KindName, parseMemory } from "@slipway/contracts";
import type { FieldDifference } from "../canonical.ts";

type Effect = { impact: FieldImpact; words: string };
type Rule = Effect | ((before: unknown, after: unknown) => Effect);

const ROUTED: Effect = { impact: "live", words: "Takes effect on the next request." };
const SHOWN: Effect = { impact: "none", words: "Nothing that runs changes." };
const LOADED: Effect = {
  impact: "reload",
  words: "The new model is loaded beside the one that serves, which answers until then.",
};

function replicas(before: unknown, after: unknown): Effect {
  if (after === 0)
    return { impact: "stops", words: "No replica is left, so requests are refused until it is scaled up." };
  if (before === 0) return { impact: "live", words: "The model is loaded, then it serves." };
  return Number(after) < Number(before)
    ? { impact: "live", words: "Replicas finish what they have and go; the others serve on." }
    : { impact: "live", words: "Replicas are added beside those that serve." };
}

function memory(before: unknown, after: unknown): Effect {
  const grows = bytesOf(after) > bytesOf(before);
  return grows
    ? {
        impact: "reload",
        words:
          "Nothing is loaded anew where there is room for more; elsewhere it moves to a roomier replica and serves until then.",
      }
    : { impact: "live", words: "The memory that is set aside changes at once; nothing is loaded anew." };
}

function bytesOf(quantity: unknown): number {
  // What goes unsaid counts 128Mi.
  return typeof quantity === "string" ? (parseMemory(quantity) ?? 0) : 128 * 2 ** 20;
}

function running(_before: unknown, after: unknown): Effect {
  return after === false
    ? { impact: "stops", words: "It stops: requests are refused, and its memory is free." }
    : { impact: "live", words: "It starts: the model is loaded, then it serves." };
}

function visibility(_before: unknown, after: unknown): Effect {
  return after === "public"
    ? { impact: "live", words: "From the next request on, anybody who reaches the gateway may call it." }
    : { impact: "live", words: "From the next request on, every caller needs a token." };
}

/** What goes unsaid is auto, so to say it changes nothing. */
function batching(before: unknown, after: unknown): Effect {
  return (before ?? "auto") === (after ?? "auto") ? SHOWN : LOADED;
}

/**
 * What a change of each field does, by the longest beginning of its path that stands here; `*` is any index. It says what the
 * scheduler really does: `modelVersion` decides what is loaded anew, the route carries limits and access.
 */
const RULES: { readonly [Kind in KindName]: Readonly<Record<string, Rule>> } = {
  Deployment: {
    metadata: SHOWN,
    "spec.environment": SHOWN,
    "spec.description": SHOWN,
    "spec.variants": LOADED,
    resolved: LOADED,
    "spec.variants.*.name": {
      impact: "stops",
      words: "The variant becomes another model: requests are refused until that is loaded.",
    },
    "spec.variants.*.model.sample": SHOWN,
    "spec.variants.*.model.batching": batching,
    "spec.resources.memory": memory,
    "spec.scaling.replicas": replicas,
    "spec.access.visibility": visibility,
    "spec.limits": ROUTED,
    "spec.limits.startTimeout": { impact: "live", words: "Counts for the next load." },
    "spec.running": running,
  },
  Model: {
    metadata: SHOWN,
    "spec.storageUri": LOADED,
    "spec.format": LOADED,
    "spec.sha256": LOADED,
    "spec.batching": batching,
    "spec.server": {
      impact: "reload",
      words: "Where it sits elsewhere it is loaded on that server first, and serves until then.",
    },
    "spec.memory": memory,
    "spec.replicas": replicas,
    "spec.startTimeout": { impact: "live", words: "Counts for the next load." },
  },
  Server: {
    metadata: SHOWN,
    "spec.replicas": { impact: "live", words: "Replicas are added or emptied and removed; models move first." },
    "spec.allowedGroups": {
      impact: "reload",
      words: "Models of a group that is no longer allowed move elsewhere or wait.",
    },
    "spec.runtime": { impact: "live", words: "Counts for replicas that start from now on." },
    "spec.capabilities": { impact: "live", words: "Counts for replicas that start from now on." },
    "spec.resources": { impact: "live", words: "Counts for replicas that start from now on." },
  },
};

/** A field that no rule names is taken for the worst, so that nobody is surprised. */
const UNKNOWN: Effect = { impact: "reload", words: "What serves may be loaded anew." };

/** Differences with what each of them does to what runs. */
export function withImpact(kind: KindName, differences: readonly FieldDifference[]): FieldChange[] {
  return differences.map((difference) => ({ ...difference, ...effectOf(kind, difference) }));
}

function effectOf(kind: KindName, { field, before, after }: FieldDifference): Effect {
  const steps = field.split(".").map((step) => (/^\d+$/.test(step) ? "*" : step));
  for (let length = steps.length; length > 0; length -= 1) {
    const rule = RULES[kind][steps.slice(0, length).join(".")];
    if (rule !== undefined) return typeof rule === "function" ? rule(before, after) : rule;
  }
  return UNKNOWN;
}
