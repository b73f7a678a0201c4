"use client";
import { UTC } from "@slipway/ui/format-time";
import { TimeZoneProvider } from "@slipway/ui/time-zone";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { cookieText, PREFERENCE_COOKIES, type Preferences } from "./preferences.ts";

const YEAR_S = 31_536_000;

type Handle = {
  preferences: Preferences;
  choose: <Name extends keyof Preferences>(name: Name, value: Preferences[Name]) => void;
};

const preferencesContext = createContext<Handle | null>(null);

/** What the person chose, and how to choose otherwise; a choice holds at once and in the next first frame. */
export function usePreferences(): Handle {
  const handle = useContext(preferencesContext);
  if (handle === null) throw new Error("there is no PreferencesProvider above");
  return handle;
}

export function PreferencesProvider({ initial, children }: { initial: Preferences; children: ReactNode }) {
  const [preferences, setPreferences] = useState(initial);
  const handle = useMemo<Handle>(
    () => ({
      preferences,
      choose(name, value) {
        const next = { ...preferences, [name]: value };
        setPreferences(next);
        keep(name, next);
        if (name === "theme") document.documentElement.dataset.theme = next.theme;
      },
    }),
    [preferences],
  );
  const { time } = preferences;
  useEffect(() => {
    // Whoever travels takes their browser along; the cookie still names the zone that they left.
    const here = hereZone();
    if (time.of === "local" && time.zone !== here) handle.choose("time", { of: "local", zone: here });
  }, [time, handle]);
  return (
    <preferencesContext.Provider value={handle}>
      <TimeZoneProvider value={time.zone}>{children}</TimeZoneProvider>
    </preferencesContext.Provider>
  );
}

/** The zone where this browser is. */
export function hereZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || UTC;
}

function keep(name: keyof Preferences, preferences: Preferences): void {
  const text = encodeURIComponent(cookieText(name, preferences));
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
  document.cookie = `${PREFERENCE_COOKIES[name]}=${text}; path=/; max-age=${YEAR_S}; samesite=lax`;
}
