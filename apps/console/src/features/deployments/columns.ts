import type { DeploymentSort } from "@slipway/contracts";

/** Columns that may be shown beside the name, in their order. */
export const COLUMNS = [
  "status",
  "type",
  "model",
  "environment",
  "replicas",
  "requests",
  "p95",
  "errors",
  "labels",
  "owner",
  "updated",
] as const;
export type ColumnName = (typeof COLUMNS)[number];

/** Those that are shown unless a person chooses otherwise; they fit beside the navigation. */
export const DEFAULT_COLUMNS: readonly ColumnName[] = [
  "status",
  "model",
  "environment",
  "replicas",
  "requests",
  "p95",
  "errors",
  "updated",
];

type Column = {
  title: string;
  /** By what the list is sorted when its head is pressed; null = it cannot be. */
  sort: DeploymentSort | null;
  /** A figure stands at the right, where its digits line up. */
  isFigure: boolean;
};

export const COLUMN: { readonly [Name in ColumnName]: Column } = {
  status: { title: "Status", sort: "health", isFigure: false },
  type: { title: "Type", sort: null, isFigure: false },
  model: { title: "Model", sort: null, isFigure: false },
  environment: { title: "Environment", sort: null, isFigure: false },
  replicas: { title: "Replicas", sort: "replicas", isFigure: false },
  requests: { title: "Req/s", sort: "requests", isFigure: true },
  p95: { title: "p95", sort: "p95", isFigure: true },
  errors: { title: "5xx", sort: "errors", isFigure: true },
  labels: { title: "Labels", sort: null, isFigure: false },
  owner: { title: "Owner", sort: null, isFigure: false },
  updated: { title: "Updated", sort: "updated", isFigure: false },
};

/** Every order that a person can choose, in words: as it is, and the other way round. */
export const SORT_WORDS: { readonly [Sort in DeploymentSort]: readonly [word: string, reversed: string] } = {
  name: ["Name", "Z to A"],
  updated: ["Updated", "newest first"],
  created: ["Created", "newest first"],
  lifecycle: ["Lifecycle", "reversed"],
  health: ["Health, worst first", "reversed"],
  replicas: ["Replicas", "most first"],
  requests: ["Requests per second", "most first"],
  p95: ["p95 latency", "slowest first"],
  errors: ["5xx share", "largest first"],
};
