import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { failure } from "../failure.ts";
import type { CommandContext } from "./context.ts";

/**
 * JSON that is given by `--data`, by `--file`, or on standard input where the file is `-`; null when it is given by neither.
 * The text stays as it was given, so that 64-bit integers stay exact.
 */
export async function readGivenJson(
  { terminal, workingDir }: Pick<CommandContext, "terminal" | "workingDir">,
  { data, file }: { data?: string; file?: string },
): Promise<string | null> {
  if (data !== undefined && file !== undefined) throw failure("two_inputs", {});
  if (data !== undefined) return checkJson("--data", data);
  if (file === undefined) return null;
  if (file === "-") return checkJson("standard input", await terminal.readAll());
  const path = resolve(workingDir, file);
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) throw failure("file_missing", { path });
  return checkJson(path, text);
}

function checkJson(what: string, text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw failure("bad_json", { what, detail: error instanceof Error ? error.message : String(error) });
  }
}
