import type { ResourceView } from "@slipway/contracts";

type Signature = NonNullable<ResourceView["status"]["signature"]>;

/** What a model takes and gives, one line each: `input: FP32, any × 4`. */
export function signatureLines({ inputs, outputs }: Signature): { inputs: string[]; outputs: string[] } {
  return { inputs: inputs.map(tensorWords), outputs: outputs.map(tensorWords) };
}

function tensorWords({ name, datatype, shape }: Signature["inputs"][number]): string {
  const sizes = shape.map((size) => (size < 0 ? "any" : String(size))).join(" × ");
  return `${name}: ${datatype}${sizes === "" ? "" : `, ${sizes}`}`;
}
