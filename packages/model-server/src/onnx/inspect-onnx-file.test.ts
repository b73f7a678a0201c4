import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { examplePath } from "../testing/example-models.ts";
import { doublingModel, externalDataModel, identityModel, loopingModel } from "../testing/models.ts";
import { temporaryFolder, writeModel } from "../testing/temporary-model.ts";
import { checkExternalData } from "./check-external-data.ts";
import { inspectOnnxFile } from "./inspect-onnx-file.ts";

describe("a model's file is read before any runtime touches it", () => {
  test("external data is found, and inputs without a shape", () => {
    using folder = temporaryFolder();
    const external = writeModel(folder.path, "external", externalDataModel("weights.bin"));
    expect(inspectOnnxFile(external).externalData).toEqual(["weights.bin"]);
    const anyRank = writeModel(folder.path, "identity", identityModel("FP32"));
    expect(inspectOnnxFile(anyRank).withoutShape).toEqual(["x", "y"]);
    const looping = writeModel(folder.path, "loop", loopingModel(1n));
    expect(inspectOnnxFile(looping)).toEqual({ externalData: [], withoutShape: [] });
  });

  test("a model made by another tool has neither", () => {
    expect(inspectOnnxFile(`${examplePath("digits")}/model.onnx`)).toEqual({ externalData: [], withoutShape: [] });
  });

  test("a file cut anywhere, or with a byte changed, ends with words and never hangs", () => {
    using folder = temporaryFolder();
    const bytes = externalDataModel("weights.bin");
    const change = fc.record({ cut: fc.nat(bytes.length), at: fc.nat(bytes.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(change, ({ cut, at, to }) => {
        const broken = Buffer.from(bytes);
        broken[at] = to;
        const path = writeModel(folder.path, "broken", broken.subarray(0, cut));
        try {
          inspectOnnxFile(path);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect(String(error)).not.toContain("undefined");
        }
      }),
    );
  });

  test("an empty file and a text are refused", () => {
    using folder = temporaryFolder();
    for (const content of ["", "this is not a model", "{}"]) {
      const path = writeModel(folder.path, "text", Buffer.from(content));
      expect(() => inspectOnnxFile(path)).toThrow();
    }
  });
});

describe("external data", () => {
  test.each(["weights.bin", "sub/weights.bin", "./weights.bin", "sub/../weights.bin"])(
    "%s, in the model's folder, is allowed",
    (location) => {
      using folder = temporaryFolder();
      mkdirSync(join(folder.path, "sub"));
      writeFileSync(join(folder.path, "weights.bin"), "");
      const model = writeModel(folder.path, "model", doublingModel());
      expect(() => checkExternalData(model, [location])).not.toThrow();
    },
  );

  test.each(["../secret", "/etc/passwd", "sub/../../secret", "", ".", "a\0b", "*/_ORT_MEM_ADDR_/*"])(
    "%j is refused",
    (location) => {
      using folder = temporaryFolder();
      const model = writeModel(folder.path, "model", doublingModel());
      expect(() => checkExternalData(model, [location])).toThrow(
        expect.objectContaining({ code: "model/external_data" }),
      );
    },
  );

  test("a link that leads out of the folder is refused", () => {
    using folder = temporaryFolder();
    using elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere.path, "secret"), "");
    symlinkSync(join(elsewhere.path, "secret"), join(folder.path, "weights.bin"));
    const model = writeModel(folder.path, "model", doublingModel());
    expect(() => checkExternalData(model, ["weights.bin"])).toThrow(
      expect.objectContaining({ code: "model/external_data" }),
    );
  });
});
