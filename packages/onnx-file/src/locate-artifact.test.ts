import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SlipwayError } from "@slipway/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { locateArtifact } from "./locate-artifact.ts";
import { doublingModel, externalDataModel } from "./testing/models.ts";

let root: string;
let data: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "slipway-roots-")));
  data = join(root, "data");
  await mkdir(join(data, "secrets"), { recursive: true });
  await writeFile(join(data, "secrets", "token-key"), "a secret");
  await writeFile(join(data, "model.onnx"), doublingModel());
  await writeFile(join(root, "model.onnx"), doublingModel());
  await symlink(data, join(root, "link"));
  for (const name of ["token-key", "absent"]) await symlink(join(data, "secrets", name), join(root, `to-${name}`));
  await symlink(join(tmpdir(), "..", "etc"), join(root, "etc"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const look = (path: string, roots: readonly string[]) => locateArtifact(pathToFileURL(join(root, path)).href, roots);
const codeOf = async (path: string, roots: readonly string[]) =>
  look(path, roots).then(
    () => "located",
    (error: unknown) => (error instanceof SlipwayError ? error.code : String(error)),
  );

test("of a folder that is left out nobody learns what exists, by its own path or through a link", async () => {
  for (const roots of [
    [root, `!${data}`],
    ["/", `!${data}`],
    [data, root, `!${join(root, "link")}`],
  ]) {
    expect(await codeOf("model.onnx", roots)).toBe("located");
    const paths = ["secrets/token-key", "secrets/absent", "secrets", "model.onnx", "absent/deep"];
    const ways = [...paths.map((path) => `data/${path}`), ...paths.map((path) => `link/${path}`), "data", "link"];
    for (const path of [...ways, "to-token-key", "to-absent"]) {
      expect(await codeOf(path, roots), `${path} of ${roots}`).toBe("artifact/not_allowed");
    }
  }
});

test("a link out of the roots tells nothing of what lies there", async () => {
  for (const path of ["etc", "etc/passwd", "etc/no-such-file"]) {
    expect(await codeOf(path, [root])).toBe("artifact/not_allowed");
  }
  expect(await codeOf("no-such-file", [root])).toBe("artifact/missing");
});

test("no model keeps its weights in a folder that is left out, and no folder brings it along", async () => {
  const roots = [root, `!${data}`];
  const ways = ["data/secrets/token-key", "data/secrets/absent", "link/secrets/token-key", "to-token-key", "to-absent"];
  for (const [at, location] of ways.entries()) {
    await writeFile(join(root, `reads-${at}.onnx`), externalDataModel(location));
    expect(await codeOf(`reads-${at}.onnx`, roots), location).toBe("model/external_data");
  }
  await mkdir(join(root, "whole", "data"), { recursive: true });
  await writeFile(join(root, "whole", "model.onnx"), doublingModel());
  expect(await codeOf("whole", [root, `!${join(root, "whole", "data")}`])).toBe("artifact/not_allowed");
});
