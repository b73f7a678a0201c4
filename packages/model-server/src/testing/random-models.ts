import { type Attribute, type Initializer, type Node, onnxModel } from "@slipway/onnx-file/testing/onnx-builder";

/** Numbers from 0 to 1 that follow from the seed alone. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type RandomModel = { bytes: Buffer; isOfNumbers: boolean; width: number };

/**
 * A small model of some ten operators, of which some keep rows apart and some do not, over axes that are drawn. Not all
 * of them are valid; what the runtime refuses is for the caller to pass over.
 */
export function randomModel(seed: number): RandomModel {
  const random = randomOf(seed);
  const draw = (count: number) => Math.floor(random() * count);
  const pick = <Item>(items: readonly [Item, ...Item[]]): Item => items[draw(items.length)] ?? items[0];
  const width = 2 + draw(3);
  const isOfNumbers = draw(5) > 0;
  const opset = pick([11, 12, 13, 17, 18] as const);
  const nodes: Node[] = [];
  const initializers: Initializer[] = [];
  let names = 0;
  const newName = () => {
    names += 1;
    return `v${names}`;
  };
  const add = (op: string, inputs: string[], attributes: Attribute[] = [], outputs = [newName()], domain = "") => {
    nodes.push({ op, inputs, outputs, attributes, ...(domain === "" ? {} : { domain }) });
    return outputs[0] ?? "";
  };
  const numbers = (dims: number[], of = () => draw(9) - 4) => {
    const name = newName();
    const count = dims.reduce((product, size) => product * size, 1);
    const raw = Buffer.from(Float32Array.from({ length: count }, of).buffer);
    initializers.push({ name, datatype: "FP32", dims, raw });
    return name;
  };
  const integers = (values: number[], dims = [values.length]) => {
    const name = newName();
    const raw = Buffer.from(BigInt64Array.from(values, BigInt).buffer);
    initializers.push({ name, datatype: "INT64", dims, raw });
    return name;
  };
  const int = (name: string, value: number): Attribute => ({ name, int: value });
  /** Axes as an attribute or an input, as the version wants it. */
  const overAxes = (op: string, x: string, axes: number[], since: number, attributes: Attribute[] = []) =>
    opset < since
      ? add(op, [x], [{ name: "axes", ints: axes }, ...attributes])
      : add(op, [x, integers(axes)], attributes);

  let rank = 2;
  const axis = () => draw(rank * 2) - rank;
  const earlier: { name: string; rank: number }[] = [];
  const steps: ((x: string) => string)[] = [
    (x) => add(pick(["Relu", "Abs", "Neg", "Sigmoid", "Tanh", "Identity", "Sign"]), [x]),
    (x) =>
      add(pick(["Add", "Mul", "Max", "Sub"]), [x, numbers(pick([[], [1], [width], [1, width], [3, 1], [3, 1, 1]]))]),
    (x) => add(pick(["Add", "Mul", "Min"]), [x, pick([x, earlier[draw(earlier.length)]?.name ?? x])]),
    (x) => add("MatMul", [x, numbers(pick([[width, width], [3, width, width], [width]]))]),
    (x) => add("MatMul", [numbers(pick([[width, width], [width]])), x]),
    (x) =>
      add("Gemm", [x, numbers([width, width]), numbers([width])], [int("transA", draw(2)), int("transB", draw(2))]),
    (x) => add(pick(["Softmax", "LogSoftmax"]), [x], draw(3) === 0 ? [] : [int("axis", axis())]),
    (x) => {
      const keepdims = draw(2);
      const reduced = overAxes("ReduceSum", x, [axis()], 13, [int("keepdims", keepdims)]);
      if (keepdims === 0) rank -= 1;
      return reduced;
    },
    (x) => add("Div", [x, add("Max", [overAxes("ReduceMax", x, [axis()], 18), numbers([], () => 1)])]),
    // Told apart by the largest of all, as pixels of eight and of sixteen bits are.
    (x) => {
      const largest = draw(2) === 0 ? add("ReduceMax", [x], [int("keepdims", 0)]) : overAxes("ReduceMax", x, [-1], 18);
      const deep = add("Greater", [largest, numbers([], () => 255)]);
      return add("Div", [x, add("Where", [deep, numbers([], () => 65_535), numbers([], () => 255)])]);
    },
    // A clip of the norm, of all or of each row.
    (x) => {
      const norm = draw(2) === 0 ? add("ReduceL2", [x], [int("keepdims", 0)]) : overAxes("ReduceL2", x, [-1], 18);
      return add("Div", [x, add("Max", [norm, numbers([], () => 1_000)])]);
    },
    (x) => {
      const [q, s, z] = [newName(), newName(), newName()];
      return add("DequantizeLinear", [add("DynamicQuantizeLinear", [x], [], [q, s, z]), s, z]);
    },
    (x) => {
      const [scale, zero] = [numbers([], () => 0.5), add("Cast", [numbers([], () => 0)], [int("to", 3)])];
      return add("DequantizeLinear", [add("QuantizeLinear", [x, scale, zero]), scale, zero]);
    },
    (x) => add("CumSum", [x, integers([axis()], [])]),
    (x) => {
      const order = Array.from({ length: rank }, (_, index) => index).sort(() => random() - 0.5);
      return add("Transpose", [x], draw(3) === 0 ? [] : [{ name: "perm", ints: order }]);
    },
    (x) => {
      rank += 1;
      return overAxes("Unsqueeze", x, [axis()], 13);
    },
    (x) => {
      const squeezed = draw(4) === 0 ? add("Squeeze", [x]) : overAxes("Squeeze", x, [axis()], 13);
      rank -= 1;
      return squeezed;
    },
    (x) => {
      const shapes = [
        [-1, width],
        [0, -1],
        [-1],
        [width, -1],
        [0, width],
        [1, -1],
        [-1, 1],
        [0, 0, -1],
        [-1, width, 1],
      ];
      const shape = shapes[draw(shapes.length)] ?? [-1];
      rank = shape.length;
      return add("Reshape", [x, integers(shape)]);
    },
    (x) => {
      const sizes = add("Gather", [add("Shape", [x]), integers([draw(rank)])]);
      rank = 2;
      return add("Reshape", [x, add("Concat", [sizes, integers([-1])], [int("axis", 0)])]);
    },
    (x) => {
      const flat = add("Flatten", [x], draw(2) === 0 ? [] : [int("axis", draw(rank + 1))]);
      rank = 2;
      return flat;
    },
    (x) => add("Concat", [x, draw(3) === 0 ? numbers([1, width]) : x], [int("axis", axis())]),
    (x) => add("Slice", [x, integers([draw(2)]), integers([pick([1, 2, 9_999_999_999])]), integers([axis()])]),
    (x) => {
      const indices = draw(2) === 0 ? integers([draw(2)], []) : integers([draw(2), 0]);
      const at = axis();
      const gathered = add("Gather", [x, indices], [int("axis", at)]);
      if (initializers.at(-1)?.dims.length === 0) rank -= 1;
      return gathered;
    },
    (x) => add("Cast", [add(pick(["ArgMax", "ArgMin"]), [x], [int("axis", axis())])], [int("to", 1)]),
    (x) => add("TopK", [x, integers([1])], [int("axis", axis())], [newName(), newName()]),
    (x) => add("Pad", [x, integers(Array.from({ length: rank * 2 }, () => (draw(4) === 0 ? 1 : 0)))]),
    (x) => add("Tile", [x, integers(Array.from({ length: rank }, () => 1 + (draw(3) === 0 ? 1 : 0)))]),
    (x) => add("Expand", [x, pick([integers([1]), integers([3, 1]), add("Shape", [x])])]),
    (x) =>
      add("BatchNormalization", [x, ...[0, 1, 2].map(() => numbers([width])), numbers([width], () => 1 + draw(3))]),
    (x) => add("LpNormalization", [x], [int("axis", axis())]),
    (x) => add("LayerNormalization", [x, numbers(pick([[width], [1]]))], [int("axis", axis())]),
    (x) => {
      const equation = pick(["ij,jk->ik", "ij,jk->ki", "ij,kj->ik", "ij,ij->ij", "ij,ij->i", "ij,ij->j"]);
      if (equation.length < 8) rank = 1;
      return add("Einsum", [x, pick([x, numbers([width, width])])], [{ name: "equation", text: equation }]);
    },
    (x) =>
      add(
        pick(["Normalizer", "Scaler"]),
        [x],
        [
          { name: "offset", floats: [0] },
          { name: "scale", floats: [2] },
        ],
        [newName()],
        "ai.onnx.ml",
      ),
    (x) => {
      rank = 2;
      return add("MatMul", [x, add("Transpose", [x])]);
    },
  ];

  let x = isOfNumbers ? "x" : add("Gather", [numbers([2_000, width]), "x"]);
  if (!isOfNumbers) {
    rank = 3;
    // Numbers of words from 1,000 on mean another thing, for all or for the word alone.
    const large = draw(2) === 0 ? add("ReduceMax", ["x"], [int("keepdims", 0)]) : "x";
    const isLarge = add("Cast", [add("Greater", [large, integers([999], [])])], [int("to", 1)]);
    if (draw(2) === 0) x = add("Add", [x, large === "x" ? overAxes("Unsqueeze", isLarge, [2], 13) : isLarge]);
  }
  const wanted = 1 + draw(6);
  for (let count = 0; count < wanted && rank > 0; count += 1) {
    earlier.push({ name: x, rank });
    x = (steps[draw(steps.length)] ?? ((same: string) => same))(x);
  }
  add("Identity", [x], [], ["y"]);
  return {
    isOfNumbers,
    width,
    bytes: onnxModel(
      {
        nodes,
        inputs: [{ name: "x", datatype: isOfNumbers ? "FP32" : "INT64", shape: ["n", width] }],
        outputs: [{ name: "y", datatype: "FP32", shape: null }],
        initializers,
      },
      {},
      { opset },
    ),
  };
}
