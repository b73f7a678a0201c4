import { isTimeZone, type TimeZone, UTC } from "@slipway/ui/format-time";
import { type Theme, themeOf } from "./theme.ts";

/** What a person chose for this browser. Kept in cookies, so that the server draws the first frame right. */
export type Preferences = {
  theme: Theme;
  time: TimeChoice;
  /** Whether the navigation shows icons alone. */
  isNavNarrow: boolean;
  /** Whether keys without Control or Command do something. */
  hasShortcuts: boolean;
};

/** Times in UTC, or in the zone where the browser is. */
export type TimeChoice = { of: "utc" | "local"; zone: TimeZone };

export const PREFERENCE_COOKIES = {
  theme: "slipway-theme",
  time: "slipway-time",
  isNavNarrow: "slipway-nav",
  hasShortcuts: "slipway-shortcuts",
} as const satisfies { [Name in keyof Preferences]: string };

const LOCAL = "local ";

/** The choices that cookies hold; what goes without saying for all others. */
export function preferencesOf(read: (cookie: string) => string | undefined): Preferences {
  return {
    theme: themeOf(read(PREFERENCE_COOKIES.theme)),
    time: timeChoiceOf(read(PREFERENCE_COOKIES.time)),
    isNavNarrow: read(PREFERENCE_COOKIES.isNavNarrow) === "narrow",
    hasShortcuts: read(PREFERENCE_COOKIES.hasShortcuts) !== "off",
  };
}

/** A choice as the text of its cookie; `preferencesOf` reads it back. */
export function cookieText<Name extends keyof Preferences>(name: Name, preferences: Preferences): string {
  switch (name) {
    case "theme":
      return preferences.theme;
    case "time":
      return preferences.time.of === "utc" ? "utc" : `${LOCAL}${preferences.time.zone}`;
    case "isNavNarrow":
      return preferences.isNavNarrow ? "narrow" : "wide";
    case "hasShortcuts":
      return preferences.hasShortcuts ? "on" : "off";
    default:
      return name satisfies never;
  }
}

function timeChoiceOf(text: string | undefined): TimeChoice {
  const zone = text?.startsWith(LOCAL) ? text.slice(LOCAL.length) : "";
  return zone !== "" && isTimeZone(zone) ? { of: "local", zone } : { of: "utc", zone: UTC };
}
