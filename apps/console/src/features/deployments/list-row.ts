import type { AttentionReason, DeploymentRow, ResourceView } from "@slipway/contracts";
import { inner, text } from "./spec-value.ts";

const URI_SHOWN = 160;

/**
 * A line as the live feed says that it is now. What the feed does not tell (who made it, its traffic, a token that ends soon)
 * stays as it was read.
 */
export function withView(held: DeploymentRow, { metadata, spec, status }: ResourceView): DeploymentRow {
  const lifecycle = metadata.deletedAt === null ? status.lifecycle : "Deleting";
  const next = { ...held, lifecycle, health: status.health, traffic: status.traffic };
  return {
    ...next,
    title: metadata.title ?? "",
    version: metadata.version,
    message: status.message,
    attention: attentionOf(next, held),
    replicas: status.replicas,
    environment: text(inner(spec, "environment")),
    visibility: text(inner(spec, "access", "visibility")),
    model: modelOf(inner(spec, "variants", 0, "model"), held.model),
    labels: metadata.labels,
    updatedAt: metadata.updatedAt,
  };
}

/** Which version an alias stands for the feed does not tell; until the list is read again it is the one that it was. */
function modelOf(model: unknown, held: DeploymentRow["model"]): DeploymentRow["model"] {
  const uri = text(inner(model, "uri"));
  const registered = text(inner(model, "registered", "name"));
  if (registered === "") {
    return { uri: uri.length <= URI_SHOWN ? uri : `…${uri.slice(1 - URI_SHOWN)}`, registered: null, version: null };
  }
  const version = inner(model, "registered", "version");
  const before = registered === held.registered ? held.version : null;
  return { uri: "", registered, version: typeof version === "number" ? String(version) : before };
}

type State = Pick<DeploymentRow, "lifecycle" | "health" | "traffic">;

function attentionOf({ lifecycle, health, traffic }: State, held: DeploymentRow): AttentionReason[] {
  if (lifecycle === "Deleting") return [];
  const isStillStuck = held.attention.includes("stuck") && lifecycle === held.lifecycle;
  const reasons: [AttentionReason, boolean][] = [
    ["failed", health === "Failed"],
    ["degraded", health === "Degraded"],
    ["stuck", isStillStuck],
    ["noTraffic", lifecycle === "Live" && traffic === "None"],
    ["tokenExpires", held.attention.includes("tokenExpires")],
  ];
  return reasons.flatMap(([reason, holds]) => (holds ? [reason] : []));
}

/** The model by what tells it apart: its name in the registry with its version, or the last parts of its address. */
export function modelWord({ model }: DeploymentRow): string {
  if (model.registered !== null)
    return model.version === null ? model.registered : `${model.registered}@${model.version}`;
  const parts = model.uri.replace(/\/+$/, "").split("/").slice(-2);
  return decoded(parts.join("/").replace(/^[a-z0-9+.-]+:/, ""));
}

/** An address may hold a per cent sign that is no code. */
function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

/** What is shown of a figure: a dash where there is none, and what is above nothing never reads as nothing. */
export function figure(value: number | null | undefined, unit = ""): string {
  if (value === null || value === undefined) return "–";
  if (value > 0 && value < 0.01) return `<0.01${unit}`;
  const digits = value >= 100 || value === 0 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${unit}`;
}

/** A share as per cent; what is above nothing never reads as nothing. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined) return "–";
  if (share > 0 && share < 0.0005) return "<0.1 %";
  return `${(share * 100).toFixed(share === 0 ? 0 : 1)} %`;
}

/** `ada` of `user:ada`; others as they are. */
export function ownerWord(createdBy: string): string {
  return createdBy.replace(/^user:/, "") || "–";
}
