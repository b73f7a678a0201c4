import {
  DEFAULT_GROUP,
  findKind,
  KIND_NAMES,
  KINDS,
  type KindName,
  PLATFORM_GROUP,
  type ResourceView,
  resourceView,
} from "@slipway/contracts";
import * as z from "zod";
import { CommandFailure, failure } from "../failure.ts";
import { type ApiClient, pathOf } from "./api-client.ts";

/** One object as a person names it on the command line. */
export type Target = { kind: KindName; name: string; group: string };

/** The kind that a person means; throws with the kinds there are. */
export function kindOf(word: string): KindName {
  const kind = findKind(word);
  if (kind === null) throw failure("unknown_kind", { given: word, allowed: KIND_NAMES.join(", ").toLowerCase() });
  return kind;
}

/**
 * The object that a person means. Where no group was named it is one of group default; a server may also be one of the
 * platform's own, for those are what models of every group are placed on.
 */
export async function findTarget(
  api: ApiClient,
  kindWord: string,
  name: string,
  group: string | undefined,
): Promise<Target> {
  const kind = kindOf(kindWord);
  const target = { kind, name, group: group ?? DEFAULT_GROUP };
  if (kind !== "Server" || group !== undefined || (await exists(api, target))) return target;
  const shared = { ...target, group: PLATFORM_GROUP };
  return (await exists(api, shared)) ? shared : target;
}

async function exists(api: ApiClient, target: Target): Promise<boolean> {
  try {
    await readResource(api, target);
    return true;
  } catch (error) {
    if (error instanceof CommandFailure && error.exit === "notFound") return false;
    throw error;
  }
}

/** Where an object lies in the API. */
export function targetPath(target: Target, ...below: readonly string[]): string {
  return pathOf(KINDS[target.kind].plural, target.name, ...below);
}

/** One object as it is now. */
export function readResource(api: ApiClient, target: Target): Promise<ResourceView> {
  return api.call({ path: targetPath(target), query: { group: target.group }, answer: resourceView });
}

const page = z.object({ items: z.array(resourceView), next: z.string().nullable() });

/** All objects of a kind, page by page. */
export async function* listResources(
  api: ApiClient,
  kind: KindName,
  query: { group: string; search?: string | undefined; labels?: string | undefined },
): AsyncIterable<ResourceView> {
  let after: string | undefined;
  do {
    const { items, next } = await api.call({
      path: pathOf(KINDS[kind].plural),
      query: { ...query, limit: 200, after },
      answer: page,
    });
    yield* items;
    after = next ?? undefined;
  } while (after !== undefined);
}

/** `deployment iris`, as sentences and commands name an object. */
export function nameOf(target: { kind: KindName; name: string }): string {
  return `${target.kind.toLowerCase()} ${target.name}`;
}
