/** What a model is called after its address: its file's name, or its folder's where the file's says nothing. */
export function modelTitle(uri: string): string {
  const parts = uri
    .replace(/[?#].*$/, "")
    .replace(/^[a-z][a-z0-9+.-]*:/, "")
    .split("/")
    .filter((part) => part !== "");
  const last = (parts.at(-1) ?? "").replace(/\.onnx$/, "");
  const own = last === "model" && parts.length > 1 ? (parts.at(-2) ?? "") : last;
  try {
    return decodeURIComponent(own);
  } catch {
    return own;
  }
}
