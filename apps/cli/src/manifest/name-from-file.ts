import { NAME_PATTERN } from "@slipway/contracts";
import { failure } from "../failure.ts";

const NAME_MAX_LENGTH = 63;

/** Makes a valid name of a file's: `My Model_v2` becomes `my-model-v2`. Throws when nothing of it is left. */
export function nameFromFile(title: string): string {
  const name = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, NAME_MAX_LENGTH)
    .replace(/-+$/, "");
  if (!NAME_PATTERN.test(name)) {
    throw failure("no_name", { from: title, rule: "has letters, digits and dashes" });
  }
  return name;
}
