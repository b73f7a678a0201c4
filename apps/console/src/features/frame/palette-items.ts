import type { GroupView, RegisteredModelView, ResourceView } from "@slipway/contracts";
import type { IconName } from "@slipway/ui/icon";
import { pathOfNew } from "../deployment/deployment-path.ts";
import { pathOfUpload } from "../models/model-path.ts";
import { groupChoices } from "./group-choices.ts";
import { PAGES, pathForGroup, withGroup } from "./pages.ts";
import { DEPLOYMENT_VERBS, deploymentItems } from "./palette-deployments.ts";
import { MODEL_VERBS, modelItems } from "./palette-models.ts";
import { SERVER_VERBS, serverItems } from "./palette-servers.ts";
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
  models: readonly RegisteredModelView[];
  servers: readonly ResourceView[];
};

/** What some verb begins with, when more follows: `stop iri` is about stopping what `iri` finds. */
function askedOf(text: string): { word: string; rest: string } | null {
  const [, first = "", rest = ""] = /^\s*(\S+)\s+(.*\S)\s*$/.exec(text) ?? [];
  const word = first.toLowerCase();
  const isVerb = [...DEPLOYMENT_VERBS, ...MODEL_VERBS, ...SERVER_VERBS].some((verb) => verb.startsWith(word));
  return word.length < 2 || rest === "" || !isVerb ? null : { word, rest };
}

/** What the server is asked to search for. */
export function searchOf(text: string): string {
  return askedOf(text)?.rest ?? text.trim();
}

/** The lines for what was typed, the likeliest first. */
export function paletteItems(known: Known): PaletteItem[] {
  return [...objectItems(known), ...commandItems(known).filter(({ words }) => matches(words, known.text))];
}

function objectItems(known: Known): PaletteItem[] {
  const asked = askedOf(known.text);
  if (asked !== null) return linesOf(known, (verb) => verb.startsWith(asked.word));
  const opened = linesOf(known, (verb) => verb === "open");
  if (known.text.trim() === "") return opened;
  // All that can be done with the likeliest of each kind.
  const { deployments, models, servers } = known;
  const likeliest = {
    ...known,
    ...{ deployments: deployments.slice(0, 1), models: models.slice(0, 1), servers: servers.slice(0, 1) },
  };
  return [...opened, ...linesOf(likeliest, (verb) => verb !== "open")];
}

/** The lines of the verbs that `takes` picks, kind by kind. */
function linesOf(known: Known, takes: (verb: string) => boolean): PaletteItem[] {
  const { deployments, models, servers } = known;
  return [
    ...deployments.flatMap((one) => deploymentItems(one, known, DEPLOYMENT_VERBS.filter(takes))),
    ...models.flatMap((one) => modelItems(one, known, MODEL_VERBS.filter(takes))),
    ...servers.flatMap((one) => serverItems(one, known, SERVER_VERBS.filter(takes))),
  ];
}

function commandItems({ group, pathname, groups }: Known): PaletteItem[] {
  const command = (id: string, section: string, icon: IconName, words: string, effect: Effect): PaletteItem => ({
    ...{ id, section, icon, words, effect },
    hint: "",
  });
  return [
    command("new", "Pages", "plus", "New deployment", { do: "go", path: pathOfNew(group) }),
    command("upload", "Pages", "upload", "Upload a model…", { do: "go", path: pathOfUpload(group) }),
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
