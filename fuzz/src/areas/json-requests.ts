import { isDeepStrictEqual } from "node:util";
import { DATATYPES, elementCount, type InferRequest, parseInferRequest, writeInferRequest } from "@slipway/inference";
import * as fc from "fast-check";
import { type Area, hold, inProcess } from "../area.ts";
import { mutated } from "../gen/mutate.ts";
import { oddJson, oddNumber, oddText } from "../gen/odd-values.ts";
import { mustBeCallersFault } from "./callers-fault.ts";

export const JSON_CORPUS = [
  '{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1.5,-2]}]}',
  '{"id":"a","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2],[3,4]]}],"outputs":[{"name":"y"}]}',
  '{"inputs":[{"name":"x","shape":[3],"datatype":"INT64","data":[9223372036854775807,-9223372036854775808,0]}]}',
  '{"inputs":[{"name":"x","shape":[2],"datatype":"BYTES","data":["é💥","\\u00e9\\ud83d\\ude00"]}]}',
  '{"inputs":[{"name":"x","shape":[2],"datatype":"BOOL","data":[true,false],"parameters":{"a":1}}],"parameters":{}}',
  '{"inputs":[{"name":"x","shape":[1],"datatype":"FP16","data":[1]},{"name":"z","shape":[],"datatype":"UINT8","data":[255]}]}',
];

/** What no request may hold: half of a surrogate pair, and a character at which the runtime would cut. */
const REFUSED = [
  '{"inputs":[{"name":"x","shape":[2],"datatype":"BYTES","data":["a\\u0000b","\\ud83d"]}]}',
  '{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1e400]}]}',
];

const datatype = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...DATATYPES) }, { weight: 1, arbitrary: oddText });
const size = fc.oneof({ weight: 8, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: oddNumber });
const tensor = fc.record(
  {
    name: fc.oneof({ weight: 3, arbitrary: fc.constant("x") }, { weight: 1, arbitrary: oddText }),
    shape: fc.oneof({ weight: 9, arbitrary: fc.array(size, { maxLength: 3 }) }, { weight: 1, arbitrary: oddJson }),
    datatype,
    data: fc.oneof(
      fc.array(oddNumber, { maxLength: 6 }),
      fc.array(oddText, { maxLength: 4 }),
      fc.array(fc.boolean(), { maxLength: 4 }),
      fc.array(fc.array(oddNumber, { maxLength: 3 }), { maxLength: 3 }),
      oddJson,
    ),
    parameters: oddJson,
  },
  { requiredKeys: ["name", "shape", "datatype", "data"] },
);
const request = fc.record(
  { id: oddJson, inputs: fc.array(tensor, { maxLength: 3 }), outputs: oddJson, parameters: oddJson },
  { requiredKeys: ["inputs"] },
);

/** Bodies of inference requests: built of odd parts, or right but for a few bytes. */
export const jsonBody: fc.Arbitrary<Buffer> = fc.oneof(
  mutated([...JSON_CORPUS, ...REFUSED]),
  request.map((value) => Buffer.from(JSON.stringify(value))),
);

export const jsonRequests: Area = {
  name: "json-requests",
  guarantee: "a JSON body is refused as its caller's fault, or read as exactly the values that it says",
  inputs: { long: 500_000, short: 2_000 },
  bytes: () => jsonBody,
  open: inProcess((bytes) => {
    let read: InferRequest;
    try {
      read = parseInferRequest(bytes);
    } catch (error) {
      mustBeCallersFault(error);
      return;
    }
    const said: unknown = JSON.parse(bytes.toString("utf8"));
    for (const [index, one] of read.inputs.entries()) {
      hold(elementCount(one.shape) === one.data.length, "a tensor has as many values as its shape says", () => one);
      mustBeWhatWasSaid(one, dataOf(said, index));
    }
    const again = parseInferRequest(Buffer.from(writeInferRequest(read)));
    hold(isDeepStrictEqual(again, read), "what was read is written as what was read", () => [read, again]);
  }),
};

function dataOf(said: unknown, index: number): unknown[] {
  if (typeof said !== "object" || said === null || !("inputs" in said) || !Array.isArray(said.inputs)) return [];
  const input: unknown = said.inputs[index];
  if (typeof input !== "object" || input === null || !("data" in input) || !Array.isArray(input.data)) return [];
  return input.data.flat(Number.POSITIVE_INFINITY);
}

function mustBeWhatWasSaid({ datatype: type, data }: InferRequest["inputs"][number], said: unknown[]): void {
  for (const [index, value] of said.entries()) {
    const read = data[index];
    const guarantee = `the value of a ${type} is the one that was said`;
    if (type === "BYTES") hold(read === value, guarantee, () => [read, value]);
    else if (typeof value === "boolean") hold(read === Number(value), guarantee, () => [read, value]);
    else if (type === "FP32") hold(Object.is(read, Math.fround(Number(value))), guarantee, () => [read, value]);
    else if (type === "FP64") hold(Object.is(read, Number(value)), guarantee, () => [read, value]);
    // JSON.parse has rounded what is larger; the integers' own tests hold those.
    else if (type !== "FP16" && Number.isSafeInteger(value)) {
      hold(Number(read) === Number(value), guarantee, () => [read, value]);
    }
  }
}
