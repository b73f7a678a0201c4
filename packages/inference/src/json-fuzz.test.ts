import { SlipwayError } from "@slipway/contracts";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DATATYPES } from "./datatype.ts";
import { parseInferRequest } from "./json-request.ts";
import type { InferRequest } from "./tensor.ts";

const SEED = 20_261;

/** Numbers as people and programs write them, and as nobody should. */
const number = fc.oneof(
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }).map(String),
  fc
    .tuple(fc.integer(), fc.nat(400), fc.constantFrom("e", "E", "e+", "e-"))
    .map(([digits, by, e]) => `${digits}${e}${by}`),
  fc.tuple(fc.nat(9), fc.nat(60), fc.nat(30)).map(([digit, zeros, by]) => `1.${"0".repeat(zeros)}${digit}e${by}`),
  fc.tuple(fc.nat(9), fc.nat(400)).map(([digit, times]) => `1${String(digit).repeat(times)}`),
);
const text = fc.string({ unit: "grapheme", maxLength: 8 }).map((value) => JSON.stringify(value));
const scalar = fc.oneof(
  { weight: 8, arbitrary: number },
  text,
  fc.constantFrom("true", "false", "null", "{}", "[]", '"\\ud800"', '"\\u0000"', "-0", "1.0", "0", "1"),
);
const list = (values: readonly string[]) => `[${values.join(",")}]`;
const data = fc.array(scalar, { maxLength: 6 }).chain((values) =>
  fc.constantFrom(list(values), list([list(values)]), list(values.map((value) => list([value])))).map((written) => ({
    written,
    count: values.length,
  })),
);
const tensor = fc
  .tuple(fc.constantFrom(...DATATYPES), data, fc.constantFrom("flat", "row", "column", "scalar", "wrong"), fc.nat(3))
  .map(([datatype, { written, count }, form, name]) => {
    const shapes = { flat: [count], row: [1, count], column: [count, 1], scalar: [], wrong: [count + 1] };
    return `{"name":"i${name}","datatype":"${datatype}","shape":${JSON.stringify(shapes[form])},"data":${written}}`;
  });
const body = fc
  .tuple(
    fc.array(tensor, { maxLength: 3 }),
    fc.constantFrom("", ',"id":"a"', ',"outputs":[{"name":"y"}]', ',"x":{"a":1,"a":1}'),
  )
  .map(([tensors, more]) => `{"inputs":${list(tensors)}${more}}`);
/** A body with a few bytes put in, taken out or doubled. */
const broken = fc
  .tuple(body, fc.array(fc.tuple(fc.nat(), fc.constantFrom("", ..."{}[],:\"'\\0e-.\u0000\ud800 ")), { maxLength: 3 }))
  .map(([whole, changes]) =>
    changes.reduce((now, [at, put]) => {
      const index = now.length === 0 ? 0 : at % now.length;
      return now.slice(0, index) + put + now.slice(index + (at % 2));
    }, whole),
  );

test("whatever a body holds, it is refused by an error of the table or read exactly as JSON says", () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(body, broken), (written) => {
      const request = readOrRefuse(Buffer.from(written));
      if (request === null) return;
      accepted += 1;
      expectAsJsonSays(request, written);
    }),
    { numRuns: 1_500, seed: SEED },
  );
  expect(accepted).toBeGreaterThan(150);
});

const MANY = 20_000;
const values = (datatype: string, written: string) =>
  `{"inputs":[{"name":"x","datatype":"${datatype}","shape":[1],"data":[${written}]}]}`;
const zeros = "0".repeat(50 * MANY);
/** Bodies at which a careless reader takes the square of their length. The limit of a test's time is what tells. */
const LONG: [string, string][] = [
  ["a number of very many digits", values("FP64", `1${zeros}`)],
  ["a fraction of very many zeros that must be exact", values("INT64", `1.${zeros}1e20`)],
  [
    "many such fractions",
    values(
      "INT64",
      Array(40)
        .fill(`9.${"0".repeat(5_000)}1e18`)
        .join(","),
    ),
  ],
  ["very many digits beside a number that must be exact", values("UINT64", `9007199254740993,1${zeros}`)],
  ["a huge exponent", values("INT64", `1e${"9".repeat(MANY)}`)],
  ["very many members", `{${Array.from({ length: MANY }, (_, index) => `"k${index}":0`).join(",")}}`],
  [
    "very many members, one of them twice",
    `{${Array.from({ length: MANY }, (_, index) => `"k${index % (MANY - 1)}":0`).join(",")}}`,
  ],
  [
    "very many parameters",
    `{"inputs":[],"parameters":{${Array.from({ length: MANY }, (_, index) => `"k${index}":0`).join(",")}}}`,
  ],
  ["very many open brackets", "[".repeat(MANY)],
  ["very many commas", `[${",".repeat(MANY)}`],
  ["very many spaces", `${" ".repeat(MANY)}[:${" ".repeat(MANY)}NaN`],
  ["very many escapes", values("BYTES", `"${"\\u0041".repeat(MANY)}"`)],
  ["very many escapes in a name that is given twice", `{"${"\\n".repeat(MANY)}":1,"${"\\n".repeat(MANY)}":2}`],
  [
    "very many lists",
    `{"inputs":[{"name":"x","datatype":"FP32","shape":[${MANY},1],"data":[${Array(MANY).fill("[1]").join(",")}]}]}`,
  ],
  ["an unclosed text", `{"inputs":"${"a".repeat(MANY)}`],
];

test.each(LONG)("%s takes no more than its length", (_, written) => {
  const request = readOrRefuse(Buffer.from(written));
  if (request !== null) expectAsJsonSays(request, written);
});

function readOrRefuse(bytes: Buffer): InferRequest | null {
  try {
    return parseInferRequest(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(SlipwayError);
    expect(error).toMatchObject({ http: 400 });
    return null;
  }
}

/** Compares with what JSON.parse makes of the same text; a 64-bit integer beyond 2^53 as a double. */
function expectAsJsonSays(request: InferRequest, written: string): void {
  const { inputs }: { inputs: { name: string; shape: number[]; data: unknown[] }[] } = JSON.parse(written);
  expect(request.inputs.map(({ name, shape }) => ({ name, shape }))).toEqual(
    inputs.map(({ name, shape }) => ({ name, shape })),
  );
  for (const [index, { datatype, data: read }] of request.inputs.entries()) {
    const said = (inputs[index]?.data ?? []).flat(72);
    const elements = datatype === "FP16" ? [...new Float16Array(Uint16Array.from(read, Number).buffer)] : [...read];
    expect(elements.map((element) => (typeof element === "bigint" ? Number(element) : element))).toEqual(
      said.map((value) => rounded(datatype, value)),
    );
  }
}

function rounded(datatype: string, value: unknown): unknown {
  if (datatype === "FP32") return Math.fround(Number(value));
  if (datatype === "FP16") return Math.f16round(Number(value));
  if (datatype === "BYTES") return value;
  // Integers have one zero, and BOOL is kept as 0 and 1.
  return datatype === "FP64" ? Number(value) : Number(value) + 0;
}
