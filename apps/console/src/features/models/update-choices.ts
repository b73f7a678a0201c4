import type { RegisteredModelView } from "@slipway/contracts";

/** A deployment that can be changed to a version, and what it has of the model now, in words; empty for nothing. */
export type UpdateChoice = { name: string; has: string };
export type UpdateChoices = { withThisModel: UpdateChoice[]; others: UpdateChoice[] };

/** The deployments of a model's group that do not have this version yet, those with another version of the model apart. */
export function updateChoices(
  { group, deployedIn }: Pick<RegisteredModelView, "group" | "deployedIn">,
  version: number,
  names: readonly string[],
): UpdateChoices {
  const versionsOf = new Map<string, number[]>();
  for (const place of deployedIn.filter((one) => one.group === group)) {
    versionsOf.set(place.name, [...(versionsOf.get(place.name) ?? []), place.version]);
  }
  const withThisModel = [...versionsOf]
    .filter(([, versions]) => !versions.includes(version))
    .map(([name, versions]) => ({ name, has: `version ${versions.join(", ")} now` }));
  const others = names.filter((name) => !versionsOf.has(name)).map((name) => ({ name, has: "" }));
  return { withThisModel, others };
}
