"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { DEFAULT_GROUP_NAME, GROUP_PARAMETER } from "./group.ts";
import { groupChoices } from "./group-choices.ts";
import { pathForGroup } from "./pages.ts";
import { useGo } from "./use-go.ts";
import { useGroups } from "./use-groups.ts";

/** Whose objects the page shows. The choice stands in the URL, so that a link shows the same to everybody. */
export function GroupSwitch() {
  const group = useSearchParams().get(GROUP_PARAMETER) ?? DEFAULT_GROUP_NAME;
  const go = useGo();
  const pathname = usePathname();
  const { groups, readAgain } = useGroups();
  return (
    <label className="flex min-w-0 items-center gap-2 text-ink-soft text-sm">
      <span className="max-sm:sr-only">Group</span>
      <select
        value={group}
        onFocus={readAgain}
        onChange={({ target }) => go(pathForGroup(pathname, target.value))}
        className="min-h-8 min-w-0 max-w-56 cursor-pointer text-ellipsis rounded-md border border-outline bg-surface px-2 text-ink"
      >
        {groupChoices(groups, group).map((choice) => (
          <option key={choice.group} value={choice.group}>
            {choice.words}
          </option>
        ))}
      </select>
    </label>
  );
}
