import { parseInferRequest } from "@slipway/inference";
import { readOnnxFileSync } from "@slipway/onnx-file";
import {
  doublingModel,
  identityModel,
  neighbourlyModel,
  softmaxOverRowsModel,
  squareRootModel,
  totalModel,
} from "@slipway/onnx-file/testing/models";
import { describe, expect, test } from "vitest";
import { openOnnxSession } from "../onnx/onnx-session.ts";
import { EXAMPLE_MODELS, examplePath, readSample } from "../testing/example-models.ts";
import { temporaryFolder, writeModel } from "../testing/temporary-model.ts";
import { proveRowIndependence, type RowIndependence } from "./prove-row-independence.ts";

describe("a model is batched only when its rows are proven to be independent", () => {
  test("rows that are treated alike and alone are proven", () => {
    expect(prove(doublingModel())).toEqual({ proven: true, reason: "" });
    expect(prove(squareRootModel())).toEqual({ proven: true, reason: "" });
  });

  test("a softmax over the rows is never proven", () => {
    expect(prove(softmaxOverRowsModel())).toMatchObject({
      proven: false,
      reason: expect.stringContaining("rows beside it"),
    });
  });

  test("a mean over the rows is never proven, though the number of rows is kept", () => {
    expect(prove(neighbourlyModel())).toMatchObject({
      proven: false,
      reason: expect.stringContaining("rows beside it"),
    });
  });

  test("an output with one row for all rows is never proven", () => {
    expect(prove(totalModel())).toMatchObject({ proven: false, reason: expect.stringContaining("rows") });
  });

  test("a model of any rank is never proven", () => {
    expect(prove(identityModel("FP32"))).toMatchObject({ proven: false });
  });

  test.each(EXAMPLE_MODELS)("example %s is proven, with its sample and without", (name) => {
    const file = `${examplePath(name)}/model.onnx`;
    expect(proveFile(file, readSample(name))).toEqual({ proven: true, reason: "" });
    expect(proveFile(file, null)).toEqual({ proven: true, reason: "" });
  });
});

function prove(bytes: Buffer): RowIndependence {
  using folder = temporaryFolder();
  return proveFile(writeModel(folder.path, "model", bytes), null);
}

function proveFile(file: string, sample: string | null): RowIndependence {
  const session = openOnnxSession(file, { intraOpThreads: 1, withoutShape: readOnnxFileSync(file).withoutShape });
  const outputs = session.signature.outputs.map(({ name }) => name);
  const inputs = sample === null ? null : parseInferRequest(Buffer.from(sample)).inputs;
  try {
    return proveRowIndependence(session.signature, (feeds) => session.run(feeds, outputs), {
      sample: inputs,
      runMs: null,
    });
  } finally {
    session.dispose();
  }
}
