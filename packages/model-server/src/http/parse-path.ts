/** What a path of the REST form asks for. Methods are checked by whoever answers. */
export type Route =
  | { kind: "server" }
  | { kind: "live" }
  | { kind: "ready" }
  | { kind: "index" }
  | { kind: "load" | "unload"; name: string }
  | { kind: "metadata" | "modelReady" | "infer"; name: string; version: string | undefined }
  | null;

/** Reads a path; null when there is nothing at it. Names are given decoded. */
export function parsePath(path: string): Route {
  if (path === "/v2" || path === "/v2/") return { kind: "server" };
  if (path === "/v2/health/live") return { kind: "live" };
  if (path === "/v2/health/ready") return { kind: "ready" };
  if (path === "/v2/repository/index") return { kind: "index" };
  if (path.startsWith("/v2/models/")) return parseModelPath(path.slice("/v2/models/".length).split("/"));
  if (path.startsWith("/v2/repository/models/")) {
    const [name, verb, ...rest] = path.slice("/v2/repository/models/".length).split("/");
    if (name === undefined || rest.length > 0 || (verb !== "load" && verb !== "unload")) return null;
    return withName(name, (decoded) => ({ kind: verb, name: decoded }));
  }
  return null;
}

function parseModelPath(segments: readonly string[]): Route {
  const [name, second, third, fourth, ...rest] = segments;
  if (name === undefined || rest.length > 0) return null;
  const isVersioned = second === "versions";
  if (isVersioned && (third === undefined || third === "")) return null;
  if (!isVersioned && third !== undefined) return null;
  const verb = isVersioned ? fourth : second;
  const version = isVersioned && third !== undefined ? decode(third) : undefined;
  if (version === null) return null;
  if (verb === undefined || verb === "")
    return withName(name, (decoded) => ({ kind: "metadata", name: decoded, version }));
  if (verb === "ready") return withName(name, (decoded) => ({ kind: "modelReady", name: decoded, version }));
  if (verb === "infer") return withName(name, (decoded) => ({ kind: "infer", name: decoded, version }));
  return null;
}

function withName(encoded: string, make: (name: string) => Route): Route {
  const name = decode(encoded);
  return name === null || name === "" ? null : make(name);
}

function decode(segment: string): string | null {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
