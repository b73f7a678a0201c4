import { Deployment } from "./deployment.ts";
import { Model } from "./model.ts";
import { Server } from "./server.ts";

/** All kinds there are. A new kind joins here and nowhere else. */
export const KINDS = { Deployment, Model, Server } as const;
export type KindName = keyof typeof KINDS;
export const KIND_NAMES = ["Deployment", "Model", "Server"] as const satisfies readonly KindName[];

/** The kind that a person means by `deployment`, `Deployments` or `DEPLOYMENT`; null when there is none. */
export function findKind(word: string): KindName | null {
  const wanted = word.toLowerCase();
  return KIND_NAMES.find((kind) => kind.toLowerCase() === wanted || KINDS[kind].plural === wanted) ?? null;
}
