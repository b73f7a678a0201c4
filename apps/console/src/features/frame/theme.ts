/** What a person chose; `system` follows the browser. Kept in a cookie, so that the server draws the first frame right. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const THEME_COOKIE = "slipway-theme";

/** The theme that a cookie's text names; `system` for anything else. */
export function themeOf(text: string | undefined): Theme {
  return THEMES.find((theme) => theme === text) ?? "system";
}
