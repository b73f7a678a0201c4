"use client";
import { Button } from "@slipway/ui/button";
import { Icon, type IconName } from "@slipway/ui/icon";
import { useState } from "react";
import { THEME_COOKIE, THEMES, type Theme } from "./theme.ts";

const LOOKS: { readonly [Name in Theme]: { icon: IconName; word: string } } = {
  system: { icon: "screen", word: "As the system" },
  light: { icon: "sun", word: "Light" },
  dark: { icon: "moon", word: "Dark" },
};
const YEAR_S = 31_536_000;

/** Goes round the three themes; the button's name says which one is on. */
export function ThemeToggle({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  const choose = () => {
    setTheme(next);
    document.documentElement.dataset.theme = next;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=${YEAR_S}; samesite=lax`;
  };
  return (
    <Button look="quiet" onClick={choose} aria-label={`Theme: ${LOOKS[theme].word}. Change to: ${LOOKS[next].word}`}>
      <Icon name={LOOKS[theme].icon} />
      <span className="max-lg:sr-only">{LOOKS[theme].word}</span>
    </Button>
  );
}
