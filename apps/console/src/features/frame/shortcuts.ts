/** What a key does. */
export type ShortcutAction =
  | { do: "palette" | "help" | "search" | "new" | "back" }
  /** Opens a page of the navigation, for the same group. */
  | { do: "go"; path: string };

export type Shortcut = {
  /** As `KeyboardEvent.key` names them, one after another; `Mod` is Control, or Command on a Mac. */
  keys: readonly string[];
  words: string;
  action: ShortcutAction;
};

/** Every shortcut there is; the help lists them in this order. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ["Mod+k"], words: "Search and do anything", action: { do: "palette" } },
  { keys: ["?"], words: "Show this help", action: { do: "help" } },
  { keys: ["/"], words: "Search on the page", action: { do: "search" } },
  { keys: ["n"], words: "New deployment", action: { do: "new" } },
  { keys: ["g", "d"], words: "Go to the deployments", action: { do: "go", path: "/deployments" } },
  { keys: ["g", "m"], words: "Go to the models", action: { do: "go", path: "/models" } },
  { keys: ["g", "s"], words: "Go to the servers", action: { do: "go", path: "/servers" } },
  { keys: ["g", "a"], words: "Go to the activity", action: { do: "go", path: "/activity" } },
  { keys: ["Escape"], words: "Close what is open, or go back to the list", action: { do: "back" } },
];

/** A key as it was pressed. */
export type Press = {
  key: string;
  hasMod: boolean;
  hasAlt: boolean;
  /** Whether it goes into a field or an editor. */
  isTyping: boolean;
  /** Whether a dialog or menu is open, which has keys of its own. */
  isCovered: boolean;
};
export type Where = {
  /** Whether keys without Control or Command may do anything. */
  areSingleKeysOn: boolean;
};

/**
 * What a press does, and what has been pressed of a longer one so far. `before` is what the press before left; the caller
 * forgets it after a moment.
 */
export function matchPress(
  before: readonly string[],
  press: Press,
  { areSingleKeysOn }: Where,
): { action: ShortcutAction | null; pending: readonly string[] } {
  const none = { action: null, pending: [] };
  if (press.hasAlt) return none;
  const token = press.hasMod ? `Mod+${press.key.toLowerCase()}` : press.key;
  const isSingleKey = !press.hasMod && press.key !== "Escape";
  if (isSingleKey && !areSingleKeysOn) return none;
  if (!press.hasMod && (press.isTyping || press.isCovered)) return none;
  for (const pressed of before.length === 0 ? [[token]] : [[...before, token], [token]]) {
    const isBegun = (keys: readonly string[]) => pressed.every((key, place) => keys[place] === key);
    const begun = SHORTCUTS.filter(({ keys }) => isBegun(keys));
    const whole = begun.find(({ keys }) => keys.length === pressed.length);
    if (whole !== undefined) return { action: whole.action, pending: [] };
    if (begun.length > 0) return { action: null, pending: pressed };
  }
  return none;
}

/** A key as people know it: `Ctrl K`, `Esc`. */
export function keyWords(key: string): string {
  if (key === "Escape") return "Esc";
  return key.startsWith("Mod+") ? `Ctrl ${key.slice("Mod+".length).toUpperCase()}` : key;
}
