import { type BatchingWish, parseInferRequest } from "@slipway/inference";
import { readGraphSync, readOnnxFileSync } from "@slipway/onnx-file";
import {
  doublingModel,
  identityModel,
  lookUpModel,
  loopingModel,
  neighbourlyModel,
  softmaxOverRowsModel,
  squareRootModel,
  totalModel,
} from "@slipway/onnx-file/testing/models";
import { describe, expect, test } from "vitest";
import { openOnnxSession } from "../onnx/onnx-session.ts";
import { EXAMPLE_MODELS, examplePath, readSample } from "../testing/example-models.ts";
import { temporaryFolder, writeModel } from "../testing/temporary-model.ts";
import { decideBatching, type RowIndependence } from "./decide-batching.ts";

describe("requests for a model are joined only where its graph keeps rows apart", () => {
  test("rows that are treated alike and alone are joined", () => {
    expect(decide(doublingModel())).toEqual({ proven: true, reason: "" });
    expect(decide(squareRootModel())).toEqual({ proven: true, reason: "" });
    expect(decide(lookUpModel())).toEqual({ proven: true, reason: "" });
  });

  test.each([
    ["a softmax over the rows", softmaxOverRowsModel(), "Softmax (y) works across the rows"],
    ["a mean over the rows", neighbourlyModel(), "ReduceMean (mean) works across the rows"],
    ["one sum for all rows", totalModel(), "ReduceMean (y) works across the rows"],
    ["a loop", loopingModel(2n), "Loop (y) holds a graph of its own"],
    ["any rank", identityModel("FP32"), "input x has no free first dimension"],
  ])("%s runs alone, and the reason names the operator", (_name, bytes, reason) => {
    expect(decide(bytes)).toEqual({ proven: false, reason });
  });

  test("its owner's word stands over the graph, and never over a shape that has no rows", () => {
    expect(decide(loopingModel(2n), "on")).toEqual({ proven: true, reason: "the manifest says batching: on" });
    expect(decide(doublingModel(), "off")).toEqual({ proven: false, reason: "the manifest says batching: off" });
    expect(decide(identityModel("FP32"), "on")).toMatchObject({ proven: false });
  });

  test("a trial that finds rows which touch each other stands over the graph's verdict", () => {
    expect(decide(neighbourlyModel(), "auto", doublingModel())).toEqual({
      proven: false,
      reason: "output y of a row depends on the rows beside it",
    });
  });

  test.each(EXAMPLE_MODELS)("example %s is joined, with its sample and without", (name) => {
    const file = `${examplePath(name)}/model.onnx`;
    expect(decideFile(file, readSample(name))).toEqual({ proven: true, reason: "" });
    expect(decideFile(file, null)).toEqual({ proven: true, reason: "" });
  });
});

/** `shown`, where given, is the graph that is followed instead of that of the model that runs. */
function decide(bytes: Buffer, wish: BatchingWish = "auto", shown = bytes): RowIndependence {
  using folder = temporaryFolder();
  const file = writeModel(folder.path, "model", bytes);
  return decideFile(file, null, wish, writeModel(folder.path, "shown", shown));
}

function decideFile(file: string, sample: string | null, wish: BatchingWish = "auto", shown = file): RowIndependence {
  const session = openOnnxSession(file, { intraOpThreads: 1, withoutShape: readOnnxFileSync(file).withoutShape });
  const outputs = session.signature.outputs.map(({ name }) => name);
  try {
    return decideBatching({
      signature: session.signature,
      graph: readGraphSync(shown),
      wish,
      run: (feeds) => session.run(feeds, outputs),
      sample: sample === null ? null : parseInferRequest(Buffer.from(sample)).inputs,
      runMs: null,
    });
  } finally {
    session.dispose();
  }
}
