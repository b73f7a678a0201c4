import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { doublingModel } from "@slipway/onnx-file/testing/models";
import { describe, expect, test } from "vitest";
import { temporaryFolder, writeModel } from "../testing/temporary-model.ts";
import { checkExternalData } from "./check-external-data.ts";

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
