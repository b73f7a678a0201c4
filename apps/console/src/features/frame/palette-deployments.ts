import type { ResourceView } from "@slipway/contracts";
import type { IconName } from "@slipway/ui/icon";
import { ACTION_PARAMETER, pathOfDeployment, pathOfEdit, TABS, type Tab } from "../deployment/deployment-path.ts";
import { endpointOf } from "../deployments/curl-line.ts";
import { inner } from "../deployments/spec-value.ts";
import type { Known, PaletteItem } from "./palette-items.ts";

/** What can be done with a deployment, by the word that one types for it. */
export const DEPLOYMENT_VERBS = [
  "open",
  "edit",
  "scale",
  "stop",
  "start",
  "rollback",
  "delete",
  "copy",
  ...TABS.slice(1),
] as const;
export type DeploymentVerb = (typeof DEPLOYMENT_VERBS)[number];

/** The lines of these verbs for one deployment, those that make sense as it is now. */
export function deploymentItems(
  resource: ResourceView,
  known: Pick<Known, "group" | "gatewayUrl">,
  verbs: readonly DeploymentVerb[],
): PaletteItem[] {
  const { uid, title, group } = resource.metadata;
  // Where one group is shown, to name it on every line would say nothing.
  const inGroup = group === known.group ? "" : `group ${group}`;
  return verbs.flatMap((verb) => {
    const action = actionOf(resource, verb, known.gatewayUrl);
    if (action === null) return [];
    const isOpen = verb === "open";
    return {
      id: `${verb} ${uid}`,
      section: isOpen ? "Deployments" : "Do",
      hint: isOpen && title !== undefined && title !== null && title !== "" ? title : inGroup,
      ...action,
    };
  });
}

type Action = Pick<PaletteItem, "icon" | "words" | "effect">;

/** What a verb does with a deployment as it is now; null where it makes no sense. */
function actionOf(resource: ResourceView, verb: DeploymentVerb, gatewayUrl: string): Action | null {
  const { group, name, deletedAt } = resource.metadata;
  const isRunning = inner(resource.spec, "running") !== false;
  const isChangeable = deletedAt === null;
  const dialog = (words: string, icon: IconName): Action | null =>
    isChangeable ? { icon, words, effect: { do: "go", path: pathOfAction({ group, name }, verb) } } : null;
  switch (verb) {
    case "open":
      return { icon: "layers", words: name, effect: { do: "go", path: pathOfDeployment({ group, name }) } };
    case "edit":
      return isChangeable
        ? { icon: "pencil", words: `Edit ${name}`, effect: { do: "go", path: pathOfEdit({ group, name }) } }
        : null;
    case "scale":
      return dialog(`Scale ${name}…`, "layers");
    case "stop":
      return isRunning ? dialog(`Stop ${name}…`, "square") : null;
    case "start":
      return isRunning || !isChangeable
        ? null
        : { icon: "flow-part", words: `Start ${name}`, effect: { do: "start", resource } };
    case "rollback":
      return isChangeable
        ? {
            icon: "clock",
            words: `Roll back ${name}: choose a revision`,
            effect: { do: "go", path: pathOfDeployment({ group, name }, "history") },
          }
        : null;
    case "delete":
      return dialog(`Delete ${name}…`, "trash");
    case "copy": {
      const text = endpointOf({ gatewayUrl, group, name });
      return {
        icon: "copy",
        words: `Copy the URL of ${name}`,
        effect: { do: "copy", text, what: `The URL of ${name}` },
      };
    }
    default:
      return {
        icon: "flow-part",
        words: `Show ${tabWords(verb)} of ${name}`,
        effect: { do: "go", path: pathOfDeployment({ group, name }, verb) },
      };
  }
}

function pathOfAction(key: { group: string; name: string }, action: string): string {
  const path = pathOfDeployment(key);
  return `${path}${path.includes("?") ? "&" : "?"}${ACTION_PARAMETER}=${action}`;
}

function tabWords(tab: Tab): string {
  return tab === "try" ? "Try it" : tab;
}
