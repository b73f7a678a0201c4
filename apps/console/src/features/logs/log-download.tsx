import { buttonClass } from "@slipway/ui/button";
import { downloadPath, isNarrowed, type LogChoice } from "./log-choice.ts";
import type { LogsKey } from "./use-logs.ts";

/** The log as a file: everything, or only the lines that the choice lets through. */
export function LogDownload({ of, choice }: { of: LogsKey; choice: LogChoice }) {
  const isPart = choice.search.text !== "" || isNarrowed(choice);
  const links = [
    { words: "Whole log as text", path: downloadPath(of, "text", null) },
    { words: "Whole log as NDJSON", path: downloadPath(of, "ndjson", null) },
    ...(isPart
      ? [
          { words: "Lines of this filter as text", path: downloadPath(of, "text", choice) },
          { words: "Lines of this filter as NDJSON", path: downloadPath(of, "ndjson", choice) },
        ]
      : []),
  ];
  return (
    <details
      className="relative"
      onKeyDown={({ key, currentTarget }) => {
        if (key !== "Escape") return;
        currentTarget.open = false;
        currentTarget.querySelector("summary")?.focus();
      }}
    >
      <summary className={`${buttonClass("plain")} list-none border border-outline`}>Download</summary>
      <ul className="absolute right-0 z-20 mt-1 w-64 rounded-lg border border-line bg-surface p-1 shadow-md max-sm:right-auto max-sm:left-0">
        {links.map(({ words, path }) => (
          <li key={path}>
            <a href={path} download className="flex min-h-9 items-center rounded px-3 text-sm hover:bg-hover">
              {words}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}
