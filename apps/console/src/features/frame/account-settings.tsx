"use client";
import { buttonClass } from "@slipway/ui/button";
import Link from "next/link";
import { SignOutButton } from "../session/sign-out-button.tsx";
import { ShortcutSwitch } from "./shortcut-switch.tsx";
import { Choice, ThemeChoice } from "./theme-choice.tsx";
import { hereZone, usePreferences } from "./use-preferences.tsx";

/** What a person chooses for this browser, and the way out. */
export default function AccountSettings() {
  const { preferences, choose } = usePreferences();
  return (
    <div className="grid gap-4">
      <Setting title="Theme">
        <ThemeChoice />
      </Setting>
      <Setting title="Times">
        <Choice
          legend="Times"
          options={[
            { value: "utc", word: "UTC", icon: "globe" },
            { value: "local", word: "Local", icon: "clock" },
          ]}
          chosen={preferences.time.of}
          choose={(of) => choose("time", { of, zone: of === "utc" ? "UTC" : hereZone() })}
        />
      </Setting>
      <ShortcutSwitch />
      <div className="-mx-1 flex flex-wrap items-center justify-between gap-2 border-line border-t pt-3">
        <Link href="/account" className={buttonClass("quiet")}>
          Password and passkeys
        </Link>
        <SignOutButton />
      </div>
    </div>
  );
}

function Setting({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div>
      <p aria-hidden="true" className="mb-1 font-medium text-ink-soft text-xs">
        {title}
      </p>
      {children}
    </div>
  );
}
