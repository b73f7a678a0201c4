import type { GroupView, ResourceView } from "@slipway/contracts";
import type { IconName } from "@slipway/ui/icon";
import {
  ACTION_PARAMETER,
  pathOfDeployment,
  pathOfEdit,
  pathOfNew,
  TABS,
  type Tab,
} from "../deployment/deployment-path.ts";
import { endpointOf } from "../deployments/curl-line.ts";
import { inner } from "../deployments/spec-value.ts";
import { groupChoices } from "./group-choices.ts";
import { PAGES, pathForGroup, withGroup } from "./pages.ts";
import { THEMES, type Theme } from "./theme.ts";

/** What choosing a line of the palette does. */
export type Effect =
  | { do: "go"; path: string }
  | { do: "copy"; text: string; what: string }
  | { do: "start"; resource: ResourceView }
  | { do: "theme"; theme: Theme }
  | { do: "time"; of: "utc" | "local" }
  | { do: "help" };

export type PaletteItem = { id: string; section: string; icon: IconName; words: string; hint: string; effect: Effect };

/** What the palette knows when it makes its lines. */
export type Known = {
  /** As it was typed. */
  text: string;
  group: string;
  pathname: string;
  gatewayUrl: string;
  groups: readonly GroupView[];
  /** What the server found for `searchOf(text)`. */
  deployments: readonly ResourceView[];
  servers: readonly ResourceView[];
};

/** What can be done with a deployment, by the word that one types for it. */
const VERBS = ["open", "edit", "scale", "stop", "start", "delete", "copy", ...TABS.slice(1)] as const;
type Verb = (typeof VERBS)[number];

/** A verb that the first word begins, when more follows: `stop iri` is about stopping what `iri` finds. */
function verbOf(text: string): { verb: Verb; rest: string } | null {
  const [, first = "", rest = ""] = /^\s*(\S+)\s+(.*\S)\s*$/.exec(text) ?? [];
  const verb = first.length < 2 ? undefined : VERBS.find((one) => one.startsWith(first.toLowerCase()));
  return verb === undefined || rest === "" ? null : { verb, rest };
}

/** What the server is asked to search for. */
export function searchOf(text: string): string {
  return verbOf(text)?.rest ?? text.trim();
}

/** The lines for what was typed, the likeliest first. */
export function paletteItems(known: Known): PaletteItem[] {
  return [...objectItems(known), ...commandItems(known).filter(({ words }) => matches(words, known.text))];
}

function objectItems(known: Known): PaletteItem[] {
  const { text, group, deployments, servers } = known;
  const asked = verbOf(text);
  if (asked !== null) return deployments.flatMap((resource) => actionsOf(resource, known, [asked.verb]));
  const [first] = deployments;
  return [
    ...deployments.flatMap((resource) => actionsOf(resource, known, ["open"])),
    ...(text.trim() === "" || first === undefined ? [] : actionsOf(first, known, VERBS.slice(1))),
    ...servers.map(
      ({ metadata: { uid, name, group: of } }): PaletteItem => ({
        id: `server ${uid}`,
        section: "Servers",
        icon: "servers",
        words: name,
        hint: `group ${of}`,
        effect: { do: "go", path: withGroup("/servers", group) },
      }),
    ),
  ];
}

function actionsOf(resource: ResourceView, known: Known, verbs: readonly Verb[]): PaletteItem[] {
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
function actionOf(resource: ResourceView, verb: Verb, gatewayUrl: string): Action | null {
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

function commandItems({ group, pathname, groups }: Known): PaletteItem[] {
  const command = (id: string, section: string, icon: IconName, words: string, effect: Effect): PaletteItem => ({
    ...{ id, section, icon, words, effect },
    hint: "",
  });
  return [
    command("new", "Pages", "plus", "New deployment", { do: "go", path: pathOfNew(group) }),
    ...PAGES.map(({ path, word, icon }) =>
      command(path, "Pages", icon, `Go to ${word}`, { do: "go", path: withGroup(path, group) }),
    ),
    ...groupChoices(groups, group)
      .filter((choice) => choice.group !== group)
      .map((choice) =>
        command(`group ${choice.group}`, "Groups", "person", `Switch to group ${choice.words}`, {
          do: "go",
          path: pathForGroup(pathname, choice.group),
        }),
      ),
    ...THEMES.map((theme) =>
      command(`theme ${theme}`, "Settings", "screen", `Theme: ${theme}`, { do: "theme", theme }),
    ),
    command("time utc", "Settings", "clock", "Times: UTC", { do: "time", of: "utc" }),
    command("time local", "Settings", "clock", "Times: local", { do: "time", of: "local" }),
    command("help", "Settings", "question", "Help: keyboard shortcuts", { do: "help" }),
  ];
}

/** Whether every word that was typed begins a word of the line. */
function matches(words: string, text: string): boolean {
  const parts = words.toLowerCase().split(/[\s:]+/);
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((typed) => parts.some((part) => part.startsWith(typed)));
}
