import type { FieldChange } from "@slipway/contracts";
import type { Terminal } from "./terminal.ts";

/** Prints changed fields, each with what its change does to what runs on a line below. */
export function printFields(
  { print, colours }: Pick<Terminal, "print" | "colours">,
  fields: readonly FieldChange[],
): void {
  for (const { field, before, after, impact, words } of fields) {
    print(`${field}: ${colours.red(show(before))} -> ${colours.green(show(after))}`);
    print(colours.dim(`  ${impact}: ${words}`));
  }
}

function show(value: unknown): string {
  return value === undefined || value === null ? "(unset)" : typeof value === "string" ? value : JSON.stringify(value);
}
