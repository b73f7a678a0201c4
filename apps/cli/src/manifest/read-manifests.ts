import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Problem } from "@slipway/contracts";
import { isMap, parseAllDocuments } from "yaml";
import { failure } from "../failure.ts";

/** The text of one file (or standard input) and how many documents it holds. */
export type ManifestFile = { file: string; text: string; documents: number };

const MANIFEST_ENDINGS = [".yaml", ".yml", ".json"];

/** What the API adds to an object when it is read, and refuses when it is written. */
const READ_ONLY_PARTS = ["status", "resolution"];
const READ_ONLY_METADATA = ["generation", "owner", "createdAt", "updatedAt", "deletedAt"];

/** Reads a file, every manifest of a folder in the order of their names, or standard input (`-`). */
export async function readManifests(path: string, readInput: () => Promise<string>): Promise<ManifestFile[]> {
  if (path === "-") return [manifestFile("standard input", await readInput())];
  const found = await stat(path).catch(() => null);
  if (found === null) throw failure("file_missing", { path });
  if (!found.isDirectory()) return [manifestFile(path, await readFile(path, "utf8"))];
  const names = (await readdir(path)).filter((name) => MANIFEST_ENDINGS.includes(extname(name))).sort();
  if (names.length === 0) throw failure("no_manifests", { path });
  const files: ManifestFile[] = [];
  for (const name of names) files.push(manifestFile(join(path, name), await readFile(join(path, name), "utf8")));
  return files;
}

/** Puts objects into a group that do not name one, and takes out what only readers get, so that what was read can be applied. */
export function prepareManifest(source: ManifestFile, group: string | undefined): ManifestFile {
  const documents = parseAllDocuments(source.text, { uniqueKeys: true });
  if (!Array.isArray(documents)) return source;
  let changed = false;
  for (const document of documents) {
    if (document.errors.length > 0 || !isMap(document.contents)) continue;
    for (const part of READ_ONLY_PARTS) changed = document.delete(part) || changed;
    if (!isMap(document.get("metadata"))) continue;
    for (const field of READ_ONLY_METADATA) changed = document.deleteIn(["metadata", field]) || changed;
    if (group === undefined) continue;
    const given = document.getIn(["metadata", "group"]);
    if (given === undefined) {
      document.setIn(["metadata", "group"], group);
      changed = true;
    } else if (given !== group) {
      throw failure("group_differs", { file: source.file, given: String(given), wanted: group });
    }
  }
  // A document's text stays exactly as it was written unless something had to change.
  if (!changed) return source;
  return { ...source, text: documents.map((document) => document.toString()).join("---\n") };
}

/** Joins files to one text, so that the API applies all or nothing. */
export function joinManifests(files: readonly ManifestFile[]): string {
  return files.map(({ text }) => text.replace(/\s*$/, "\n")).join("---\n");
}

/** Says problems by file instead of by the number of the document in the joined text. */
export function nameFiles(problems: readonly Problem[], files: readonly ManifestFile[]): Problem[] {
  if (files.length < 2) return [...problems];
  const owners = files.flatMap(({ file, documents }) =>
    Array.from({ length: documents }, (_, at) => (documents === 1 ? file : `${file}, document ${at + 1}`)),
  );
  return problems.map(({ field, message }) => {
    const match = /^document (\d+): (.*)$/s.exec(field);
    const owner = owners[Number(match?.[1]) - 1];
    return owner === undefined ? { field, message } : { field: `${owner}: ${match?.[2] ?? ""}`, message };
  });
}

function manifestFile(file: string, text: string): ManifestFile {
  const documents = parseAllDocuments(text);
  return { file, text, documents: Array.isArray(documents) ? documents.length : 0 };
}
