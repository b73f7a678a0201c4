"use client";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { DEFAULT_GROUP_NAME, EVERY_GROUP, GROUP_PARAMETER } from "./group.ts";
import { pathForGroup } from "./pages.ts";

const CHOICES = [DEFAULT_GROUP_NAME, EVERY_GROUP];

/** Whose objects the page shows. The choice stands in the URL, so that a link shows the same to everybody. */
export function GroupSwitch() {
  const group = useSearchParams().get(GROUP_PARAMETER) ?? DEFAULT_GROUP_NAME;
  const router = useRouter();
  const pathname = usePathname();
  const choices = CHOICES.includes(group) ? CHOICES : [...CHOICES, group];
  return (
    <label className="flex items-center gap-2 text-ink-soft text-sm">
      Group
      <select
        value={group}
        onChange={({ target }) => router.push(pathForGroup(pathname, target.value))}
        className="min-h-8 cursor-pointer rounded-md border border-outline bg-surface px-2 text-ink"
      >
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice === EVERY_GROUP ? "all groups" : choice}
          </option>
        ))}
      </select>
    </label>
  );
}
