import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, statfs, utimes, writeFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { type HashedFile, SlipwayError } from "@slipway/contracts";
import { artifactDigest, externalPaths, type HashedArtifact, readOnnxFile } from "@slipway/onnx-file";
import * as z from "zod";

/** Room that an artifact must leave on the disk, so that logs and state can still be written. */
const SPARE_DISK_BYTES = 64 * 1024 * 1024;
const MANIFEST = "artifact.json";
const FILES = "files";

const manifest = z.object({
  /** The artifact's digest as a manifest states it, which covers all its files. */
  sha256: z.string(),
  /** What the digest covers; unsaid by earlier versions, whose digest of a file said nothing of the weights beside it. */
  covers: z.literal("all").optional(),
  modelFile: z.string(),
  files: z.array(z.object({ path: z.string(), sha256: z.string(), bytes: z.number() })).min(1),
});
type Manifest = z.output<typeof manifest>;

/** What an artifact consists of, and how each of its files comes here, hashed on the way. */
export type ArtifactSource = {
  kind: HashedArtifact["kind"];
  /** Path of its .onnx inside the artifact. */
  modelFile: string;
  files: readonly SourceFile[];
};

type SourceFile = {
  /** Inside the artifact. */
  path: string;
  bytes: number;
  /** Writes it to a new file and stops past `maxBytes`. */
  copyTo: (
    target: string,
    options: { maxBytes: number; signal: AbortSignal },
  ) => Promise<{ sha256: string; bytes: number }>;
};

/** An artifact that lies in the cache, ready to be loaded. */
export type CachedArtifact = { sha256: string; modelPath: string; bytes: number };

type Entry = Manifest & { folder: string; bytes: number; usedAtMs: number };

export type ArtifactCacheOptions = {
  folder: string;
  /** What all artifacts together may take on disk. */
  quotaBytes: number;
  now: () => number;
};

/**
 * Artifacts by content: `<folder>/<digest>/files/…` beside a manifest with the hash of every file. Written whole to a
 * temporary folder and renamed, so an entry is complete or not there. Kept under a quota; the longest unused goes first,
 * and one that is pinned never.
 */
export class ArtifactCache {
  readonly #options: ArtifactCacheOptions;
  readonly #entries = new Map<string, Entry>();
  /** Bytes promised to copies that are under way. */
  #reservedBytes = 0;
  /** What adds or removes entries happens one after the other; copying does not. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ArtifactCacheOptions) {
    this.#options = options;
  }

  get bytes(): number {
    let sum = 0;
    for (const entry of this.#entries.values()) sum += entry.bytes;
    return sum;
  }

  /** Reads what an earlier run left; entries whose files are gone or have another size are removed, and so are half copies. */
  async open(): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.#options.folder)) {
      const folder = join(this.#options.folder, name);
      const entry = await renewed(await readEntry(folder));
      if (entry === null) await rm(folder, { recursive: true, force: true });
      else this.#entries.set(name, entry);
    }
  }

  /** The artifact with this digest, if the cache holds it whole; counts as a use. */
  async find(sha256: string): Promise<CachedArtifact | null> {
    const [found] = [...this.#entries]
      .filter(([, entry]) => entry.sha256 === sha256)
      .sort(([, left], [, right]) => right.usedAtMs - left.usedAtMs);
    if (found === undefined) return null;
    const [name, entry] = found;
    if ((await readEntry(entry.folder)) === null) {
      this.#entries.delete(name);
      await rm(entry.folder, { recursive: true, force: true });
      return null;
    }
    return this.#use(entry);
  }

  /**
   * Copies an artifact in. `pinned` gives the digests that must stay while room is made.
   * @throws artifact/no_space, artifact/too_large, artifact/checksum, artifact/digest_of_part, model/external_data_missing,
   *   artifact/missing (it went while it was read)
   */
  async add(
    source: ArtifactSource,
    options: { expected: string; pinned: () => ReadonlySet<string>; uri: string; signal: AbortSignal },
  ): Promise<CachedArtifact> {
    const bytes = source.files.reduce((sum, file) => sum + file.bytes, 0);
    if (bytes > this.#options.quotaBytes) {
      throw new SlipwayError("artifact/too_large", { limitBytes: this.#options.quotaBytes });
    }
    const temporary = join(this.#options.folder, `incoming-${randomBytes(8).toString("hex")}`);
    this.#reservedBytes += bytes;
    try {
      await this.#inTurn(() => this.#makeRoom(bytes, options.pinned()));
      const files = await copyAll(source, temporary, options);
      const { kind, modelFile } = source;
      const sha256 = artifactDigest({ kind, modelFile, files });
      requireExpected(options.expected, sha256, { modelFile, files });
      await requireWhole(temporary, { modelFile, files });
      const content = { sha256, covers: "all" as const, modelFile, files };
      return await this.#inTurn(() => this.#install(sha256, temporary, content));
    } finally {
      this.#reservedBytes -= bytes;
      await rm(temporary, { recursive: true, force: true });
    }
  }

  async #install(name: string, temporary: string, content: Manifest): Promise<CachedArtifact> {
    const folder = join(this.#options.folder, name);
    const known = this.#entries.get(name);
    if (known !== undefined) return this.#use(known);
    await writeFile(join(temporary, MANIFEST), JSON.stringify(content), { mode: 0o600 });
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
    const entry = { ...content, folder, bytes: sizeOf(content), usedAtMs: this.#options.now() };
    this.#entries.set(name, entry);
    return this.#use(entry);
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#turn.then(work, work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #use(entry: Entry): Promise<CachedArtifact> {
    entry.usedAtMs = this.#options.now();
    const at = new Date(entry.usedAtMs);
    await utimes(join(entry.folder, MANIFEST), at, at).catch(() => undefined);
    return { sha256: entry.sha256, modelPath: join(entry.folder, FILES, entry.modelFile), bytes: entry.bytes };
  }

  /** Removes the longest unused artifacts until those under way fit beside the rest. */
  async #makeRoom(bytes: number, pinned: ReadonlySet<string>): Promise<void> {
    const idle = [...this.#entries]
      .filter(([, entry]) => !pinned.has(entry.sha256))
      .sort(([, left], [, right]) => left.usedAtMs - right.usedAtMs);
    const fits = async () =>
      this.bytes + this.#reservedBytes <= this.#options.quotaBytes && (await this.#freeDisk()) >= bytes;
    for (const [name, entry] of idle) {
      if (await fits()) return;
      this.#entries.delete(name);
      await rm(entry.folder, { recursive: true, force: true });
    }
    if (await fits()) return;
    const inQuota = this.#options.quotaBytes - this.bytes - (this.#reservedBytes - bytes);
    const freeBytes = Math.max(0, Math.min(inQuota, await this.#freeDisk()));
    throw new SlipwayError("artifact/no_space", { neededBytes: bytes, freeBytes });
  }

  async #freeDisk(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#options.folder);
    return bavail * bsize - SPARE_DISK_BYTES;
  }
}

async function copyAll(
  source: ArtifactSource,
  folder: string,
  options: { uri: string; signal: AbortSignal },
): Promise<Manifest["files"]> {
  const files: (HashedFile & { bytes: number })[] = [];
  for (const { copyTo, path, bytes: expectedBytes } of source.files) {
    const limit = { maxBytes: expectedBytes, signal: options.signal };
    const { sha256, bytes } = await copyTo(join(folder, FILES, path), limit).catch((error: unknown) => {
      throw copyFailure(error, options.uri, expectedBytes);
    });
    files.push({ path, sha256, bytes });
  }
  return files;
}

type Content = Pick<Manifest, "modelFile" | "files">;

/** @throws artifact/digest_of_part for the digest of the model's file alone, artifact/checksum for any other one */
function requireExpected(expected: string, actual: string, { modelFile, files }: Content): void {
  if (expected === "" || expected === actual) return;
  const isPart = files.some(({ path, sha256 }) => path === modelFile && sha256 === expected);
  if (isPart) throw new SlipwayError("artifact/digest_of_part", { file: modelFile, actual });
  throw new SlipwayError("artifact/checksum", { expected, actual });
}

/** Read from the copy, which nobody changes any more. @throws model/external_data_missing, model/external_data */
async function requireWhole(folder: string, { modelFile, files }: Content): Promise<void> {
  const { externalData, problem } = await readOnnxFile(join(folder, FILES, modelFile));
  // A file that is no model has no weights; that it is none, the model server says.
  if (problem !== null) return;
  const known = new Set(files.map(({ path }) => path));
  for (const path of externalPaths(externalData)) {
    const isThere = known.has(posix.join(posix.dirname(modelFile), path));
    if (!isThere) throw new SlipwayError("model/external_data_missing", { path });
  }
}

/**
 * An entry that an earlier version left, with the digest of all its files. null when a file that its model names is not
 * among them: it would be found by the digest of a model that is whole.
 */
async function renewed(entry: Entry | null): Promise<Entry | null> {
  if (entry === null || entry.covers === "all") return entry;
  const { folder, bytes, usedAtMs, modelFile, files } = entry;
  const isFile = files.some(({ path, sha256 }) => path === modelFile && sha256 === entry.sha256);
  const sha256 = artifactDigest({ kind: isFile ? "file" : "folder", modelFile, files });
  const content = { sha256, covers: "all" as const, modelFile, files };
  const isWhole = await requireWhole(folder, content).then(
    () => true,
    () => false,
  );
  if (!isWhole) return null;
  await writeFile(join(folder, `${MANIFEST}.new`), JSON.stringify(content), { mode: 0o600 })
    .then(() => rename(join(folder, `${MANIFEST}.new`), join(folder, MANIFEST)))
    .then(() => utimes(join(folder, MANIFEST), new Date(usedAtMs), new Date(usedAtMs)))
    // A disk without room takes nothing from the cache; it is renewed at the next start.
    .catch(() => undefined);
  return { ...content, folder, bytes, usedAtMs };
}

/** What a failed copy means to whoever deployed the model; an unknown one stays what it is. */
function copyFailure(error: unknown, uri: string, neededBytes: number): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new SlipwayError("artifact/no_space", { neededBytes, freeBytes: 0 }, { cause: error });
  }
  const isGone = ["ENOENT", "EACCES", "ELOOP", "ENXIO"].includes(code);
  return isGone ? new SlipwayError("artifact/missing", { uri }, { cause: error }) : error;
}

function sizeOf(content: Manifest): number {
  return content.files.reduce((sum, file) => sum + file.bytes, 0);
}

async function readEntry(folder: string): Promise<Entry | null> {
  try {
    const file = join(folder, MANIFEST);
    const content = manifest.parse(JSON.parse(await readFile(file, "utf8")));
    for (const { path, bytes } of content.files) {
      if ((await stat(join(folder, FILES, path))).size !== bytes) return null;
    }
    return { ...content, folder, bytes: sizeOf(content), usedAtMs: (await stat(file)).mtimeMs };
  } catch {
    return null;
  }
}
