import type { ResourceView } from "@slipway/contracts";
import { AccessTab } from "./access-tab.tsx";
import { ConfigTab } from "./config-tab.tsx";
import type { DeploymentDetails } from "./deployment-details.ts";
import type { Tab } from "./deployment-path.ts";
import { EventsTab } from "./events-tab.tsx";
import { HistoryTab } from "./history-tab.tsx";
import { OverviewTab } from "./overview-tab.tsx";

type Props = {
  tab: Tab;
  details: DeploymentDetails;
  gatewayUrl: string;
  nowMs: number;
  take: (resource: ResourceView) => void;
};

/** What the chosen tab holds. */
export function TabContent({ tab, details, gatewayUrl, nowMs, take }: Props) {
  switch (tab) {
    case "overview":
      return <OverviewTab details={details} gatewayUrl={gatewayUrl} nowMs={nowMs} />;
    case "access":
      return <AccessTab details={details} nowMs={nowMs} />;
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
