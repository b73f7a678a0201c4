/** How much of a file's beginning tells what it is. */
export const HEAD_OF_FILE_BYTES = 512;

type Kind = { looksLike: (head: Uint8Array, text: string) => boolean; words: string };

const startsWith =
  (...bytes: number[]) =>
  (head: Uint8Array) =>
    bytes.every((byte, index) => head[index] === byte);

/** What is deployed by mistake instead of a model, by its first bytes, and what to do. */
const KINDS: readonly Kind[] = [
  {
    looksLike: (_head, text) => text.startsWith("version https://git-lfs.github.com/spec/"),
    words:
      "it is a Git LFS pointer, which stands in for the model. Run git lfs pull where it lies, then deploy the file again.",
  },
  {
    looksLike: (_head, text) => /^\s*(<!doctype html|<html|<head)/i.test(text),
    words:
      "it is an HTML page, as a download gives that leads to a sign-in or error page. Download the model itself, in raw form.",
  },
  {
    looksLike: (_head, text) => /^\s*<(\?xml|[a-z]+[ >])/i.test(text),
    words: "it is XML, such as a store's answer to a failed download. Download the model itself.",
  },
  { looksLike: startsWith(0x1f, 0x8b), words: "it is compressed with gzip. Unpack it, then deploy the .onnx in it." },
  {
    looksLike: startsWith(0x50, 0x4b, 0x03, 0x04),
    words:
      "it is a ZIP archive, as PyTorch (.pt), Keras (.keras) and NumPy (.npz) write them too. Unpack the .onnx, or export the model as ONNX.",
  },
  {
    looksLike: startsWith(0x42, 0x5a, 0x68),
    words: "it is compressed with bzip2. Unpack it, then deploy the .onnx in it.",
  },
  {
    looksLike: startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a),
    words: "it is compressed with xz. Unpack it, then deploy the .onnx in it.",
  },
  {
    looksLike: startsWith(0x28, 0xb5, 0x2f, 0xfd),
    words: "it is compressed with Zstandard. Unpack it, then deploy the .onnx in it.",
  },
  {
    looksLike: (_head, text) => text.slice(257, 262) === "ustar",
    words: "it is a tar archive. Unpack it, then deploy the .onnx in it.",
  },
  {
    looksLike: (head) => head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5,
    words:
      "it is a pickle, as Python, joblib and older PyTorch write them. Export the model as ONNX, such as with skl2onnx.",
  },
  {
    looksLike: startsWith(0x89, 0x48, 0x44, 0x46),
    words: "it is HDF5, as Keras (.h5) writes it. Export the model as ONNX.",
  },
  {
    looksLike: (_head, text) => /^[\s\S]{8}\s*\{\s*"/.test(text) && text.charCodeAt(7) === 0,
    words: "it is safetensors: weights without a model. Export the model with its weights as ONNX.",
  },
  {
    looksLike: (_head, text) => text.startsWith("GGUF"),
    words: "it is GGUF, a format of llama.cpp. Export the model as ONNX.",
  },
  {
    looksLike: (_head, text) => text.slice(4, 8) === "TFL3",
    words: "it is TensorFlow Lite. Convert the model to ONNX.",
  },
  {
    looksLike: (_head, text) => text.slice(4, 8) === "ORTM",
    words: "it is in ONNX Runtime's own format (.ort). Deploy the .onnx.",
  },
  {
    looksLike: (_head, text) => /^\s*[{[]/.test(text) && isText(text),
    words: "it is JSON. Deploy the model's .onnx file.",
  },
  { looksLike: (_head, text) => isText(text), words: "it is a text file. Deploy the model's .onnx file." },
];

/** What a file that is no ONNX model is instead, in words that say what to do; null when its beginning tells nothing. */
export function recognizeForeignFile(head: Uint8Array, sizeBytes: number): string | null {
  if (sizeBytes === 0) return "the file is empty. Its export or its copy was broken off: write it again.";
  const text = String.fromCharCode(...head);
  return KINDS.find(({ looksLike }) => looksLike(head, text))?.words ?? null;
}

function isText(text: string): boolean {
  return /^[\t\n\r\x20-\x7e]+$/.test(text);
}
