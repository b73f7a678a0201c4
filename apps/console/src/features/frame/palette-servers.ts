import type { ResourceView } from "@slipway/contracts";
import { pathOfServer } from "../servers/servers-address.ts";
import type { Known, PaletteItem } from "./palette-items.ts";

/** What can be done with a server, by the word that one types for it. */
export const SERVER_VERBS = ["open", "scale"] as const;

/** The lines of these verbs for one server. */
export function serverItems(
  { metadata: { uid, group, name, deletedAt } }: ResourceView,
  known: Pick<Known, "group">,
  verbs: readonly (typeof SERVER_VERBS)[number][],
): PaletteItem[] {
  const hint = `group ${group}`;
  return verbs.flatMap((verb): PaletteItem[] => {
    const item = { id: `${verb} server ${uid}`, hint };
    switch (verb) {
      case "open": {
        const path = pathOfServer({ group, name }, known.group);
        return [{ ...item, section: "Servers", icon: "servers", words: name, effect: { do: "go", path } }];
      }
      case "scale": {
        if (deletedAt !== null) return [];
        const path = pathOfServer({ group, name }, known.group, verb);
        return [
          { ...item, section: "Do", icon: "servers", words: `Scale server ${name}…`, effect: { do: "go", path } },
        ];
      }
      default:
        return verb satisfies never;
    }
  });
}
