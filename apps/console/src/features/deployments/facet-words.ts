import type { AttentionReason, FacetName } from "@slipway/contracts";

/** Each facet by the word of its menu. */
export const FACET_WORDS: { readonly [Name in FacetName]: string } = {
  attention: "Attention",
  lifecycle: "Lifecycle",
  health: "Health",
  environment: "Environment",
  visibility: "Access",
  format: "Format",
  labels: "Labels",
};

export const ATTENTION_WORDS: { readonly [Reason in AttentionReason]: string } = {
  failed: "Failed",
  degraded: "Degraded",
  stuck: "Stuck on its way",
  noTraffic: "Live without traffic",
  tokenExpires: "A token ends soon",
};

/** A value of a facet as people read it. */
export function valueWord(facet: FacetName, value: string): string {
  if (facet === "attention") {
    return Object.entries(ATTENTION_WORDS).find(([reason]) => reason === value)?.[1] ?? "Needs attention";
  }
  if (facet === "labels") return value.replaceAll("%2C", ",");
  return value === "ScaledToZero" ? "Scaled to zero" : value;
}
