import { constants } from "node:fs";
import { open, readdir, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { SlipwayError } from "@slipway/contracts";
import { externalPaths } from "./external-paths.ts";
import { readOnnxFile } from "./read-onnx-file.ts";

/** The most files that one artifact may consist of. */
export const MAX_ARTIFACT_FILES = 10_000;
/** The deepest folder inside an artifact. */
const MAX_FOLDER_DEPTH = 32;

/** A file to copy: where it really lies, and its path inside the artifact. */
export type SourceFile = { source: string; path: string; bytes: number };

/** What an artifact consists of, found but not read yet. `modelFile` is the path of its .onnx inside the artifact. */
export type LocatedArtifact = { kind: "file" | "folder"; modelFile: string; files: SourceFile[] };

/**
 * Finds what a `file:` URI names: one model file with the external data that it refers to, or a folder with exactly one
 * .onnx. Every path is resolved before it is compared, so nothing outside the roots, and no external data or link outside
 * the artifact's own folder, is ever read. A root with `!` before it is left out of all others, and nobody learns what
 * exists there or outside the roots, also not through a link.
 * @throws artifact/scheme, artifact/not_allowed, artifact/missing, artifact/not_one_model, artifact/escapes,
 *   artifact/too_many_files, model/external_data, model/external_data_missing
 */
export async function locateArtifact(uri: string, roots: readonly string[]): Promise<LocatedArtifact> {
  const path = pathOfUri(uri);
  const allowed = await openRoots(roots);
  // Decided by the words of the path first, then by where it leads, and only then by what is there.
  if (!allowed.contains(path)) throw new SlipwayError("artifact/not_allowed", { uri });
  const real = await destinationOf(path);
  if (!allowed.contains(real)) throw new SlipwayError("artifact/not_allowed", { uri });
  await requireReadable(real, uri);
  const entry = await stat(real);
  if (entry.isDirectory()) return locateFolder(real, uri, allowed);
  if (!entry.isFile()) throw new SlipwayError("artifact/missing", { uri });
  return locateFile(path, real, entry.size, allowed);
}

const LEFT_OUT = "!";

/** What may be read: below a root and below nothing that is left out. */
type Allowed = { contains(path: string): boolean; leavesOut(path: string): boolean };

async function openRoots(roots: readonly string[]): Promise<Allowed> {
  const withReal = async (folders: readonly string[]) => {
    const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
    return [...folders, ...real];
  };
  const within = await withReal(roots.filter((root) => !root.startsWith(LEFT_OUT)));
  const without = await withReal(roots.filter((root) => root.startsWith(LEFT_OUT)).map((root) => root.slice(1)));
  const leavesOut = (path: string) => without.some((folder) => isInside(path, folder));
  return { leavesOut, contains: (path) => within.some((root) => isInside(path, root)) && !leavesOut(path) };
}

const MAX_LINKS = 40;

/** Where a path leads once its links are followed, whether anything lies there or not. */
async function destinationOf(path: string, links = 0): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null || path === dirname(path)) return real ?? path;
  const folder = await destinationOf(dirname(path), links);
  const target = links < MAX_LINKS ? await readlink(join(folder, basename(path))).catch(() => null) : null;
  return target === null ? join(folder, basename(path)) : destinationOf(resolve(folder, target), links + 1);
}

function pathOfUri(uri: string): string {
  const scheme = uri.slice(0, uri.indexOf(":"));
  if (scheme !== "file") throw new SlipwayError("artifact/scheme", { scheme, allowed: "file:" });
  try {
    return fileURLToPath(new URL(uri));
  } catch (cause) {
    throw new SlipwayError("artifact/missing", { uri }, { cause });
  }
}

async function requireReadable(real: string, uri: string): Promise<void> {
  try {
    const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK);
    await file.close();
  } catch (cause) {
    throw new SlipwayError("artifact/missing", { uri }, { cause });
  }
}

/** External data lies beside the model's real file, whatever link the URI names it by. */
async function locateFile(named: string, real: string, bytes: number, allowed: Allowed): Promise<LocatedArtifact> {
  const beside = (await locateExternalData(real, dirname(real), allowed)).filter(({ source }) => source !== real);
  const taken = new Set(beside.map(({ path }) => path));
  const names = [basename(named), basename(real)].filter((name) => name.endsWith(".onnx"));
  const modelFile = [...names, "model.onnx"].find((name) => !taken.has(name));
  if (modelFile === undefined) throw new SlipwayError("model/external_data", { path: basename(real) });
  return { kind: "file", modelFile, files: [{ source: real, path: modelFile, bytes }, ...beside] };
}

/**
 * The files that a model refers to, all of them: one that lacks a file is not the model that its owner means, and must not
 * be taken for it. A file that is no model leads nowhere; that it is none, the model server says.
 */
async function locateExternalData(model: string, folder: string, allowed: Allowed): Promise<SourceFile[]> {
  const file = await open(model, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const located: SourceFile[] = [];
    const { externalData, problem } = await readOnnxFile(file);
    for (const path of externalPaths(externalData)) {
      const real = await destinationOf(join(folder, path));
      const isOutside = !isInside(real, folder) || allowed.leavesOut(real) || allowed.leavesOut(join(folder, path));
      if (isOutside) throw new SlipwayError("model/external_data", { path });
      const entry = await stat(real).catch(() => null);
      if (entry === null && problem === null) throw new SlipwayError("model/external_data_missing", { path });
      if (entry === null) continue;
      if (!entry.isFile()) throw new SlipwayError("model/external_data", { path: basename(path) });
      located.push({ source: real, path, bytes: entry.size });
      if (located.length > MAX_ARTIFACT_FILES) throw tooManyFiles();
    }
    return located;
  } finally {
    await file.close();
  }
}

async function locateFolder(folder: string, uri: string, allowed: Allowed): Promise<LocatedArtifact> {
  const files: SourceFile[] = [];
  await gather({ root: folder, uri, allowed, files }, folder, "", []);
  const models = files.filter(({ path }) => path.endsWith(".onnx"));
  const [model] = models;
  if (model === undefined || models.length !== 1) {
    throw new SlipwayError("artifact/not_one_model", { uri, found: models.length });
  }
  // Only for its refusals: what lies inside the folder comes along anyway.
  await locateExternalData(model.source, dirname(model.source), allowed);
  return { kind: "folder", modelFile: model.path, files };
}

type Gathering = { root: string; uri: string; allowed: Allowed; files: SourceFile[] };

/** Adds every regular file below a folder. Links are followed inside the artifact alone; `above` ends a circle of them. */
async function gather(into: Gathering, folder: string, prefix: string, above: readonly string[]): Promise<void> {
  const { root, uri, allowed, files } = into;
  if (above.length > MAX_FOLDER_DEPTH) throw tooManyFiles();
  for (const name of (await readdir(folder)).sort()) {
    const path = prefix === "" ? name : `${prefix}/${name}`;
    const real = await realpath(join(folder, name)).catch(() => null);
    if (real === null) continue;
    if (!isInside(real, root)) throw new SlipwayError("artifact/escapes", { path });
    if (allowed.leavesOut(real)) throw new SlipwayError("artifact/not_allowed", { uri });
    const entry = await stat(real);
    if (entry.isDirectory()) {
      if (real !== folder && !above.includes(real)) await gather(into, real, path, [...above, folder]);
    } else if (entry.isFile()) {
      files.push({ source: real, path, bytes: entry.size });
      if (files.length > MAX_ARTIFACT_FILES) throw tooManyFiles();
    }
  }
}

function tooManyFiles(): SlipwayError {
  return new SlipwayError("artifact/too_many_files", { limit: MAX_ARTIFACT_FILES });
}

/** Whether a path is a folder or lies below it; by its words alone. */
function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
