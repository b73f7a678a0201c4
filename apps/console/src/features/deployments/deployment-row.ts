import type { Health, Lifecycle, ReplicaCounts, ResourceView, Traffic } from "@slipway/contracts";
import { inner, text } from "./spec-value.ts";

/** What one line of the list shows. */
export type DeploymentRow = {
  uid: string;
  name: string;
  group: string;
  /** Free text for people; empty when there is none. */
  title: string;
  lifecycle: Lifecycle;
  health: Health;
  traffic: Traffic;
  /** Cause and next action in words; empty when all is well. */
  message: string;
  replicas: ReplicaCounts;
  /** The last part of the model's URI, and the whole of it. */
  model: string;
  modelUri: string;
  isPublic: boolean;
  updatedAt: string;
};

/** Makes a line of what the API answers. The spec was checked when it was stored; this page does without the schemas. */
export function deploymentRow({ metadata, spec, status }: ResourceView): DeploymentRow {
  const modelUri = text(inner(spec, "variants", 0, "model", "uri"));
  return {
    uid: metadata.uid,
    name: metadata.name,
    group: metadata.group,
    title: metadata.title ?? "",
    lifecycle: metadata.deletedAt === null ? status.lifecycle : "Deleting",
    health: status.health,
    traffic: status.traffic,
    message: status.message,
    replicas: status.replicas,
    model: lastPart(modelUri),
    modelUri,
    isPublic: inner(spec, "access", "visibility") === "public",
    updatedAt: metadata.updatedAt,
  };
}

/** `model.onnx` of `file:///models/iris/model.onnx` says nothing, so its folder comes along. */
function lastPart(uri: string): string {
  const parts = uri.replace(/\/+$/, "").split("/").slice(-2);
  return decodeURIComponent(parts.join("/").replace(/^[a-z0-9+.-]+:/, ""));
}
