import { SlipwayError } from "@slipway/contracts";
import type { AnyRouter } from "@trpc/server";
import * as z from "zod";

/** One address of the REST surface and the procedure behind it. */
export type RestRoute = { method: string; segments: readonly string[]; procedure: string };

const restMeta = z.object({ openapi: z.object({ method: z.string(), path: z.string() }) });

/** Every procedure that says where it stands in REST, the ones with fewer placeholders, then with words before them, first. */
export function collectRoutes(root: AnyRouter): RestRoute[] {
  const routes: RestRoute[] = [];
  for (const [name, procedure] of Object.entries(root._def.procedures)) {
    const definition = z.object({ _def: z.object({ meta: restMeta }) }).safeParse({ _def: readDefinition(procedure) });
    if (!definition.success) continue;
    const { method, path } = definition.data._def.meta.openapi;
    routes.push({ method: method.toUpperCase(), segments: path.split("/").filter(Boolean), procedure: name });
  }
  const placeholders = (route: RestRoute) => route.segments.filter(isPlaceholder).length;
  const shape = (route: RestRoute) => route.segments.map((segment) => (isPlaceholder(segment) ? "1" : "0")).join("");
  return routes.sort((a, b) => placeholders(a) - placeholders(b) || (shape(a) < shape(b) ? -1 : 1));
}

/** What tRPC keeps at a procedure: its meta, its inputs. */
export function readDefinition(procedure: unknown): unknown {
  // A procedure is a function that carries its definition.
  return typeof procedure === "function" && "_def" in procedure ? procedure._def : undefined;
}

export type RestMatch = { route: RestRoute; params: Record<string, string> };

/**
 * The route of a request, with what stands in its placeholders.
 * @throws request/not_found, request/method_not_allowed
 */
export function matchRoute(routes: readonly RestRoute[], method: string, path: string): RestMatch {
  const parts = path.split("/").filter(Boolean).map(decodeSegment);
  const matches = routes.flatMap((route) => {
    const params = matchSegments(route.segments, parts);
    return params === null ? [] : [{ route, params }];
  });
  const [first] = matches;
  if (first === undefined) throw new SlipwayError("request/not_found", { path });
  const match = matches.find(({ route }) => route.method === method);
  if (match === undefined) {
    const allowed = [...new Set(matches.map(({ route }) => route.method))].join(", ");
    throw new SlipwayError("request/method_not_allowed", { method, allowed });
  }
  return match;
}

function matchSegments(segments: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (segments.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? "";
    if (isPlaceholder(segment)) params[segment.slice(1, -1)] = part;
    else if (segment !== part) return null;
  }
  return params;
}

function isPlaceholder(segment: string): boolean {
  return segment.startsWith("{") && segment.endsWith("}");
}

/** A part of a path as its sender meant it. @throws request/invalid */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new SlipwayError("request/invalid", { problem: "The path is not valid percent-encoding." });
  }
}
