import type { ModelVersionView, RegisteredModelView } from "@slipway/contracts";
import { PATHS } from "./form-fields.ts";
import { getIn, isTree, setIn, type Tree } from "./manifest-value.ts";

/** Which model of the registry: one version, what an alias stands for, or the latest one when both are unsaid. */
export type RegisteredChoice = { name: string; version?: number | null; alias?: string };

/** The choice that a manifest's model makes; null for one that is named by its address. */
export function registeredChoice(model: unknown): RegisteredChoice | null {
  const registered = isTree(model) ? model.registered : undefined;
  if (!isTree(registered) || typeof registered.name !== "string") return null;
  const { name, version, alias } = registered;
  if (typeof version === "number") return { name, version };
  return typeof alias === "string" ? { name, alias } : { name };
}

/** The same as a manifest says it. */
export function registeredModel({ name, version, alias }: RegisteredChoice): Tree {
  const pinned = version === undefined || version === null ? {} : { version };
  return { registered: { name, ...pinned, ...(alias === undefined ? {} : { alias }) } };
}

/** A manifest with another model in it. What was said of the one before goes with it, unless it is of the same name. */
export function withModel(value: Tree, choice: RegisteredChoice): Tree {
  const before = getIn(value, PATHS.model);
  const kept = isTree(before) && registeredChoice(before)?.name === choice.name ? before : {};
  return setIn(value, PATHS.model, { ...kept, ...registeredModel(choice) });
}

/** A choice as the value of a list: `version 3`, `alias best`, or `latest`. */
export function referenceOf({ version, alias }: RegisteredChoice): string {
  if (alias !== undefined) return `alias ${alias}`;
  return version === undefined || version === null ? "latest" : `version ${version}`;
}

export function choiceOf(name: string, reference: string): RegisteredChoice {
  const [word = "", value = ""] = reference.split(" ");
  if (word === "alias") return { name, alias: value };
  return word === "version" ? { name, version: Number(value) } : { name };
}

/** What can be chosen of a model: its aliases, then its versions, latest first; what is chosen is always among them. */
export function versionChoices(
  { aliases }: RegisteredModelView,
  versions: readonly ModelVersionView[],
  chosen: RegisteredChoice,
): { reference: string; words: string }[] {
  const choices = [
    ...Object.entries(aliases).map(([alias, version]) => ({
      reference: `alias ${alias}`,
      words: `Follow ${alias} (version ${version} now)`,
    })),
    ...versions.map(({ version }) => ({ reference: `version ${version}`, words: `Version ${version}` })),
  ];
  const reference = referenceOf(chosen);
  if (choices.some((choice) => choice.reference === reference)) return choices;
  const words = reference === "latest" ? "The latest when it is written" : `V${reference.slice(1)}`;
  return [{ reference, words }, ...choices];
}
