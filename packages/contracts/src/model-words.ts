import type { ModelSample } from "./registry.ts";

/** A tensor's shape as people read it: `[any, 4]`. This file stays free of schemas, so that pages may import it. */
export function shapeWords(shape: readonly number[]): string {
  return `[${shape.map((size) => (size < 0 ? "any" : String(size))).join(", ")}]`;
}

/** Where a sample comes from, for people. */
export function originWords(origin: ModelSample["origin"]): string {
  switch (origin) {
    case "artifact":
      return "carried by the file";
    case "given":
      return "given by a person";
    case "generated":
      return "made from the signature, so its values mean nothing";
    default:
      return origin satisfies never;
  }
}
