import {
  bytesOf,
  type Datatype,
  dataFromBuffer,
  elementBytes,
  isText,
  type Tensor,
  type TensorData,
} from "@slipway/inference";

/** Rows of a set of inputs: their common first dimension; null when they have none in common. */
export function rowsOf(tensors: readonly Tensor[]): number | null {
  const rows = tensors[0]?.shape[0];
  if (rows === undefined || rows < 1) return null;
  for (const tensor of tensors) if (tensor.shape[0] !== rows) return null;
  return rows;
}

/** Whether two sets of inputs differ in nothing but their number of rows. */
export function canJoin(one: readonly Tensor[], other: readonly Tensor[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) {
    const a = one[index];
    const b = other[index];
    if (a === undefined || b === undefined || a.datatype !== b.datatype || a.name !== b.name) return false;
    if (a.shape.length !== b.shape.length) return false;
    for (let axis = 1; axis < a.shape.length; axis += 1) if (a.shape[axis] !== b.shape[axis]) return false;
  }
  return true;
}

/** Puts the rows of several sets of inputs, in order, into one. All must be joinable. */
export function joinRows(sets: readonly (readonly Tensor[])[]): Tensor[] {
  const [first] = sets;
  if (first === undefined) return [];
  return first.map((head, index) => {
    const parts: Tensor[] = [];
    for (const set of sets) {
      const part = set[index];
      if (part !== undefined) parts.push(part);
    }
    const rows = parts.reduce((sum, part) => sum + (part.shape[0] ?? 0), 0);
    const data = joinData(
      head.datatype,
      parts.map((part) => part.data),
    );
    return { name: head.name, datatype: head.datatype, shape: [rows, ...head.shape.slice(1)], data };
  });
}

/** Rows `start` to `end` of each tensor. Numbers share memory with the whole. */
export function sliceRows(tensors: readonly Tensor[], start: number, end: number): Tensor[] {
  return tensors.map(({ name, datatype, shape, data }) => {
    const rows = shape[0] ?? 1;
    const width = rows === 0 ? 0 : data.length / rows;
    const part: TensorData = isText(data)
      ? data.slice(start * width, end * width)
      : data.subarray(start * width, end * width);
    return { name, datatype, shape: [end - start, ...shape.slice(1)], data: part };
  });
}

function joinData(datatype: Datatype, parts: readonly TensorData[]): TensorData {
  if (datatype === "BYTES") return parts.flatMap((part) => (isText(part) ? [...part] : []));
  let length = 0;
  for (const part of parts) length += part.length;
  const size = elementBytes(datatype) ?? 1;
  const bytes = new Uint8Array(length * size);
  let offset = 0;
  for (const part of parts) {
    if (isText(part)) continue;
    bytes.set(bytesOf(part), offset);
    offset += part.byteLength;
  }
  return dataFromBuffer(datatype, bytes.buffer, 0, length);
}
