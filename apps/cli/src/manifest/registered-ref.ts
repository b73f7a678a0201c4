import { NAME_PATTERN, type RegisteredRef } from "@slipway/contracts";
import { failure } from "../failure.ts";

const RULE = "NAME, NAME:VERSION or NAME@ALIAS is allowed";

/** A registered model as a person names it: `iris`, `iris:2`, `iris@live`. Throws what is wrong with it. */
export function parseRegisteredRef(text: string, what = "--model"): RegisteredRef {
  const [, name = "", version, alias] = /^([^:@]+)(?::(\d{1,10})|@(.+))?$/.exec(text) ?? [];
  const isName = (word: string) => NAME_PATTERN.test(word);
  if (!isName(name) || (alias !== undefined && !isName(alias)) || Number(version ?? 1) < 1) {
    throw failure("bad_value", { what, given: text, rule: RULE });
  }
  if (version !== undefined) return { name, version: Number(version) };
  return alias === undefined ? { name } : { name, alias };
}
