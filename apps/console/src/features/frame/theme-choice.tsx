"use client";
import { Icon, type IconName } from "@slipway/ui/icon";
import { useId } from "react";
import { THEMES, type Theme } from "./theme.ts";
import { usePreferences } from "./use-preferences.tsx";

const LOOKS: { readonly [Name in Theme]: { icon: IconName; word: string } } = {
  system: { icon: "screen", word: "System" },
  light: { icon: "sun", word: "Light" },
  dark: { icon: "moon", word: "Dark" },
};

/** One of the three themes. */
export function ThemeChoice() {
  const { preferences, choose } = usePreferences();
  return (
    <Choice
      legend="Theme"
      options={THEMES.map((theme) => ({ value: theme, ...LOOKS[theme] }))}
      chosen={preferences.theme}
      choose={(theme) => choose("theme", theme)}
    />
  );
}

type ChoiceProps<Value extends string> = {
  legend: string;
  options: readonly { value: Value; word: string; icon: IconName }[];
  chosen: Value;
  choose: (value: Value) => void;
};

/** One of a few, side by side. */
export function Choice<Value extends string>({ legend, options, chosen, choose }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className="flex rounded-md border border-outline">
      <legend className="sr-only">{legend}</legend>
      {options.map(({ value, word, icon }) => (
        <label
          key={value}
          className="flex min-h-8 flex-1 cursor-pointer items-center justify-center gap-1.5 px-2.5 text-ink-soft text-sm first-of-type:rounded-l-md last-of-type:rounded-r-md hover:bg-hover has-checked:bg-busy-soft has-checked:font-medium has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2"
        >
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === chosen}
            onChange={() => choose(value)}
            className="sr-only"
          />
          <Icon name={icon} />
          {word}
        </label>
      ))}
    </fieldset>
  );
}
