import { type ObjectAnswer, readObject } from "../frame/read-api.ts";

/** Reads one thing of the registry for the first frame. */
export function readRegistry<Body>(path: string, query: Readonly<Record<string, string>>): Promise<ObjectAnswer<Body>> {
  return readObject<Body>(`/registry${path}`, query);
}
