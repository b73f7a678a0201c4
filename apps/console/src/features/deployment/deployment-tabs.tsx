import Link from "next/link";
import { type DeploymentKey, pathOfDeployment, TABS, type Tab } from "./deployment-path.ts";
import { fetchTab } from "./tab-modules.ts";

const WORDS: { readonly [Name in Tab]: string } = {
  overview: "Overview",
  try: "Try it",
  metrics: "Metrics",
  logs: "Logs",
  access: "Access",
  history: "History",
  events: "Events",
  config: "Config",
};

/** The parts of the page, as links: each has an address of its own, and none asks the server for the page again. */
export function DeploymentTabs({ current, ...key }: DeploymentKey & { current: Tab }) {
  return (
    <nav aria-label="Parts of this deployment" className="mt-6 mb-6 border-line border-b">
      <ul className="-mb-px flex flex-wrap gap-x-1">
        {TABS.map((tab) => {
          const path = pathOfDeployment(key, tab);
          const isCurrent = tab === current;
          return (
            <li key={tab}>
              <Link
                href={path}
                prefetch={false}
                onPointerEnter={() => fetchTab(tab)}
                onFocus={() => fetchTab(tab)}
                {...(isCurrent ? { "aria-current": "page" as const } : {})}
                onNavigate={(event) => {
                  event.preventDefault();
                  window.history.pushState(null, "", path);
                }}
                className={`flex min-h-9 items-center rounded-t border-b-2 px-3 text-sm ${
                  isCurrent
                    ? "border-accent font-medium text-ink"
                    : "border-transparent text-ink-soft hover:border-outline hover:text-ink"
                }`}
              >
                {WORDS[tab]}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
