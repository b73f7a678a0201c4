/** One file of an artifact: its path inside the artifact's folder with forward slashes, and its SHA-256 in hexadecimal. */
export type HashedFile = { path: string; sha256: string };

/**
 * The text whose SHA-256 is the digest of a folder, and of a model file with the files that it keeps weights in: one line
 * `<path>\0<sha256>\n` for each regular file, sorted by the bytes of the path in UTF-8.
 */
export function folderDigestText(files: readonly HashedFile[]): string {
  const encoder = new TextEncoder();
  return files
    .map((file) => ({ file, bytes: encoder.encode(file.path) }))
    .sort((one, other) => compareBytes(one.bytes, other.bytes))
    .map(({ file }) => `${file.path}\0${file.sha256}\n`)
    .join("");
}

function compareBytes(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  if (at === -1) return one.length - other.length;
  return (one[at] ?? 0) - (other[at] ?? -1);
}
