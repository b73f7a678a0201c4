import * as fc from "fast-check";
import { expect, test } from "vitest";
import { boundTime } from "./bounded-time.ts";
import { countingModel, doublingModel, scalingModel } from "./testing/models.ts";
import { onnxModel } from "./testing/onnx-builder.ts";
import { integer, message } from "./testing/protobuf-writer.ts";
import { graphOf, graphReadingOf } from "./testing/temporary-graph.ts";

test("nodes, what they are set to, and short constants are found as they were written", () => {
  const shape = { name: "", datatype: "INT64", dims: [2], raw: Buffer.from(BigInt64Array.of(0n, -1n).buffer) } as const;
  const graph = graphOf(
    onnxModel({
      nodes: [
        { op: "Constant", inputs: [], outputs: ["shape"], attributes: [{ name: "value", tensor: shape }] },
        { op: "Reshape", inputs: ["x", "shape"], outputs: ["flat"] },
        {
          op: "Softmax",
          domain: "ai.onnx",
          inputs: ["flat"],
          outputs: ["y"],
          attributes: [{ name: "axis", int: -1 }],
        },
      ],
      inputs: [{ name: "x", datatype: "FP32", shape: ["n", 2, 3] }],
      outputs: [{ name: "y", datatype: "FP32", shape: null }],
      initializers: [{ name: "w", datatype: "FP32", dims: [2], raw: Buffer.from(Float32Array.of(1.5, -2).buffer) }],
    }),
  );
  expect(graph.inputs).toEqual([{ name: "x", dimensions: ["n", 2, 3] }]);
  expect(graph.outputs).toEqual([{ name: "y", dimensions: null }]);
  expect(graph.nodes.map(({ op, domain }) => [domain, op])).toEqual([
    ["", "Constant"],
    ["", "Reshape"],
    ["", "Softmax"],
  ]);
  expect(graph.nodes[0]?.attributes.get("value")?.tensor?.values).toEqual([0, -1]);
  expect(graph.nodes[2]?.attributes.get("axis")?.int).toBe(-1);
  expect(graph.constants.get("w")).toMatchObject({ dims: [2], values: [1.5, -2] });
  expect(graph.opsets.get("")).toBe(17);
});

test("packed numbers are read like those written one by one, and long lists are left out by name", () => {
  const packed = Buffer.concat([message(1, "perm"), message(8, Buffer.from([1, 0, 2]))]);
  const node = Buffer.concat([message(1, "x"), message(2, "y"), message(4, "Transpose"), message(5, packed)]);
  expect(graphOf(message(7, message(1, node))).nodes[0]?.attributes.get("perm")?.ints).toEqual([1, 0, 2]);
  const ids = { name: "nodes_nodeids", ints: Array.from({ length: 500 }, (_, index) => index) };
  const forest = {
    op: "TreeEnsembleRegressor",
    domain: "ai.onnx.ml",
    inputs: ["x"],
    outputs: ["y"],
    attributes: [ids],
  };
  const tree = graphOf(onnxModel({ nodes: [forest], inputs: [], outputs: [] })).nodes[0]?.attributes.get(ids.name);
  expect(tree).toMatchObject({ isWhole: false });
  expect(tree?.ints.length).toBeLessThanOrEqual(64);
});

test("a graph inside a node is noted, and functions of the file are found by domain and name", () => {
  expect(graphOf(countingModel()).nodes[0]?.attributes.get("body")?.holdsGraph).toBe(true);
  const withFunction = Buffer.concat([doublingModel(), message(25, message(1, "Add"))]);
  expect(boundTime(graphOf(withFunction))).toMatchObject({
    bounded: false,
    reason: "Add (y) is an operator of the model's own",
  });
});

test("names that only broken bytes tell apart are refused", () => {
  const node = Buffer.concat([message(1, Buffer.from([0xff])), integer(3, 1)]);
  expect(graphReadingOf(message(7, message(1, node)))).toEqual({ graph: null, problem: "a name is not UTF-8" });
});

test("a file cut anywhere, or with a byte changed, is answered and never hangs", () => {
  const bytes = scalingModel(2);
  const change = fc.record({ cut: fc.nat(bytes.length), at: fc.nat(bytes.length - 1), to: fc.nat(255) });
  fc.assert(
    fc.property(change, ({ cut, at, to }) => {
      const broken = Buffer.from(bytes);
      broken[at] = to;
      const { graph, problem } = graphReadingOf(broken.subarray(0, cut));
      if (graph !== null) boundTime(graph);
      else expect(problem).not.toContain("undefined");
    }),
  );
});
