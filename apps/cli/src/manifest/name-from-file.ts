import { proposeName } from "@slipway/contracts";
import { failure } from "../failure.ts";

/** Makes a valid name of a file's: `My Model_v2` becomes `my-model-v2`. Throws when nothing of it is left. */
export function nameFromFile(title: string): string {
  const name = proposeName(title);
  if (name === "") throw failure("no_name", { from: title, rule: "has letters, digits and dashes" });
  return name;
}
