import type { Tab } from "./deployment-path.ts";

/** Where each tab but the first comes from: nobody fetches what they do not look at. */
export const TAB_MODULES = {
  try: () => import("./try/try-tab.tsx"),
  metrics: () => import("./metrics/metrics-tab.tsx"),
  logs: () => import("../logs/logs-tab.tsx"),
  access: () => import("./access-tab.tsx"),
  history: () => import("./history-tab.tsx"),
  events: () => import("./events-tab.tsx"),
  config: () => import("./config-tab.tsx"),
} as const satisfies { readonly [Name in Exclude<Tab, "overview">]: () => Promise<unknown> };

/** Fetches a tab that somebody is about to open. That it cannot be had now is said when it is opened. */
export function fetchTab(tab: Tab): void {
  if (tab !== "overview") TAB_MODULES[tab]().catch(() => undefined);
}
