import type { RegisteredModelView } from "@slipway/contracts";
import { pathOfDeploy, pathOfModel, pathOfUploadOf } from "../models/model-path.ts";
import type { Known, PaletteItem } from "./palette-items.ts";

/** What can be done with a registered model, by the word that one types for it. */
export const MODEL_VERBS = ["open", "deploy", "upload"] as const;

/** The lines of these verbs for one registered model, those that make sense as it is now. */
export function modelItems(
  { group, name, latestVersion }: RegisteredModelView,
  known: Pick<Known, "group">,
  verbs: readonly (typeof MODEL_VERBS)[number][],
): PaletteItem[] {
  const key = { group, name };
  const inGroup = group === known.group ? "" : `group ${group}`;
  const item = (verb: string, line: Omit<PaletteItem, "id" | "section">): PaletteItem => ({
    id: `${verb} model ${group}/${name}`,
    section: verb === "open" ? "Models" : "Do",
    ...line,
  });
  return verbs.flatMap((verb) => {
    switch (verb) {
      case "open": {
        const hint = [latestVersion === null ? "no version" : `version ${latestVersion}`, inGroup];
        return item(verb, {
          ...{ icon: "box", words: name, hint: hint.filter((part) => part !== "").join(", ") },
          effect: { do: "go", path: pathOfModel(key) },
        });
      }
      case "deploy":
        if (latestVersion === null) return [];
        return item(verb, {
          ...{ icon: "plus", words: `Deploy ${name} version ${latestVersion}`, hint: inGroup },
          effect: { do: "go", path: pathOfDeploy(key, latestVersion) },
        });
      case "upload":
        return item(verb, {
          ...{ icon: "upload", words: `Upload a version of ${name}…`, hint: inGroup },
          effect: { do: "go", path: pathOfUploadOf(key) },
        });
      default:
        return verb satisfies never;
    }
  });
}
