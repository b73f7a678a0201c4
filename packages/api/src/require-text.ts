import { isStorable, Problems, SlipwayError } from "@slipway/contracts";

/**
 * Refuses an input in which a text, or a name of a field, holds a character that no store can keep as it is: a zero character,
 * or half of one. Every input of the API passes here before anything else looks at it.
 * @throws request/invalid naming the fields
 */
export function requireText(input: unknown): void {
  const found = new Problems();
  look(found, input, []);
  const problems = found.list();
  const [first] = problems;
  if (first === undefined) return;
  const { field } = first;
  const problem = `${field || "The request"} ${first.message}.`;
  throw new SlipwayError("request/invalid", { problem }, { problems, ...(field === "" ? {} : { field }) });
}

/** `path` is one list for the whole walk. */
function look(found: Problems, value: unknown, path: string[]): void {
  if (typeof value === "string" && !isStorable(value)) {
    found.add(() => ({ field: path.join("."), message: "holds a character that is not text" }));
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (!isStorable(key)) found.add(() => ({ field: path.join("."), message: "has a field whose name is not text" }));
    path.push(key);
    look(found, inner, path);
    path.pop();
  }
}

/** The query of an address. @throws request/invalid where its escapes are no UTF-8, which would be read as other characters */
export function requireEscapes(url: string): void {
  const at = url.indexOf("?");
  if (at === -1) return;
  try {
    decodeURIComponent(url.slice(at + 1));
  } catch (error) {
    const problem = "The query is not valid percent-encoding of UTF-8.";
    throw new SlipwayError("request/invalid", { problem }, { cause: error });
  }
}
