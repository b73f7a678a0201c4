/** ONNX's numbers of the element types, and the Open Inference Protocol's names of those that can be served. */
export const DATATYPE_OF_ELEMENT = {
  1: "FP32",
  2: "UINT8",
  3: "INT8",
  4: "UINT16",
  5: "INT16",
  6: "INT32",
  7: "INT64",
  8: "BYTES",
  9: "BOOL",
  10: "FP16",
  11: "FP64",
  12: "UINT32",
  13: "UINT64",
} as const;

export type OnnxDatatype = (typeof DATATYPE_OF_ELEMENT)[keyof typeof DATATYPE_OF_ELEMENT];

const BY_NUMBER: ReadonlyMap<number, OnnxDatatype> = new Map(
  Object.entries(DATATYPE_OF_ELEMENT).map(([element, datatype]) => [Number(element), datatype]),
);

/** The name of an element type; null for one that no tensor of ours can hold, such as a complex number. */
export function datatypeOf(element: number): OnnxDatatype | null {
  return BY_NUMBER.get(element) ?? null;
}
