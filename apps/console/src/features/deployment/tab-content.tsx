import type { ResourceView } from "@slipway/contracts";
import type { DeploymentDetails } from "./deployment-details.ts";
import type { Tab } from "./deployment-path.ts";
import { lazyTab } from "./lazy-tab.tsx";
import { OverviewTab } from "./overview-tab.tsx";
import { TAB_MODULES } from "./tab-modules.ts";
import type { KeptTrial } from "./try/use-trial.ts";

const TryTab = lazyTab(() => TAB_MODULES.try().then((tab) => tab.TryTab));
const MetricsTab = lazyTab(() => TAB_MODULES.metrics().then((tab) => tab.MetricsTab));
const LogsTab = lazyTab(() => TAB_MODULES.logs().then((tab) => tab.LogsTab));
const AccessTab = lazyTab(() => TAB_MODULES.access().then((tab) => tab.AccessTab));
const HistoryTab = lazyTab(() => TAB_MODULES.history().then((tab) => tab.HistoryTab));
const EventsTab = lazyTab(() => TAB_MODULES.events().then((tab) => tab.EventsTab));
const ConfigTab = lazyTab(() => TAB_MODULES.config().then((tab) => tab.ConfigTab));

type Props = {
  tab: Tab;
  details: DeploymentDetails;
  gatewayUrl: string;
  nowMs: number;
  take: (resource: ResourceView) => void;
  /** What was typed into Try it, while another tab is shown. */
  trial: KeptTrial;
};

/** What the chosen tab holds. */
export function TabContent({ tab, details, gatewayUrl, nowMs, take, trial }: Props) {
  switch (tab) {
    case "overview":
      return <OverviewTab details={details} gatewayUrl={gatewayUrl} nowMs={nowMs} />;
    case "try":
      return <TryTab details={details} gatewayUrl={gatewayUrl} kept={trial} />;
    case "metrics":
      return <MetricsTab details={details} />;
    case "logs":
      return <LogsTab key={details.uid} details={details} />;
    case "access":
      return <AccessTab details={details} gatewayUrl={gatewayUrl} nowMs={nowMs} />;
    case "history":
      return <HistoryTab details={details} nowMs={nowMs} take={take} />;
    case "events":
      return <EventsTab details={details} nowMs={nowMs} />;
    case "config":
      return <ConfigTab details={details} />;
    default:
      return tab satisfies never;
  }
}
