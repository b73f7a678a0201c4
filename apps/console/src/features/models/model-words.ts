import type { ModelSample } from "@slipway/contracts";

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** A size as people read it: `1.4 MiB`. */
export function sizeWords(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${size.toFixed(digits)} ${UNITS[unit] ?? ""}`;
}

/** `[any, 4]` */
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

const ENDING = /\.onnx$/i;
const MAX_NAME = 63;

/** The name that a model is proposed by its file: `My Model_v2.onnx` is `my-model-v2`; empty when nothing is left of it. */
export function nameFromFile(filename: string): string {
  return filename
    .replace(ENDING, "")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_NAME)
    .replace(/^-+|-+$/g, "");
}
