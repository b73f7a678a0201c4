import type { Health, Lifecycle, Traffic } from "@slipway/contracts";
import { Badge, type Tone } from "@slipway/ui/badge";
import type { IconName } from "@slipway/ui/icon";

type Look = { icon: IconName; tone: Tone; word: string; isTurning?: boolean };

const LIFECYCLES: { readonly [Name in Lifecycle]: Look } = {
  Pending: { icon: "clock", tone: "busy", word: "Pending" },
  Deploying: { icon: "turning", tone: "busy", word: "Deploying", isTurning: true },
  Live: { icon: "check", tone: "good", word: "Live" },
  Updating: { icon: "turning", tone: "busy", word: "Updating", isTurning: true },
  Stopping: { icon: "turning", tone: "quiet", word: "Stopping", isTurning: true },
  Stopped: { icon: "square", tone: "quiet", word: "Stopped" },
  ScaledToZero: { icon: "moon", tone: "quiet", word: "Scaled to zero" },
  Deleting: { icon: "trash", tone: "quiet", word: "Deleting" },
};

const HEALTHS: { readonly [Name in Health]: Look } = {
  Healthy: { icon: "check", tone: "good", word: "Healthy" },
  Degraded: { icon: "warning", tone: "warn", word: "Degraded" },
  Failed: { icon: "cross", tone: "bad", word: "Failed" },
  Unknown: { icon: "question", tone: "quiet", word: "Unknown" },
};

const TRAFFICS: { readonly [Name in Traffic]: Look } = {
  Serving: { icon: "flow", tone: "good", word: "Serving" },
  Partial: { icon: "flow-part", tone: "warn", word: "Partial" },
  None: { icon: "flow-none", tone: "quiet", word: "No traffic" },
};

type Props = { lifecycle: Lifecycle; health: Health; traffic: Traffic; isSmall?: boolean };

/** The three parts of a status, each as icon and word: how far it is, how well it is, whether requests reach it. */
export function DeploymentStatus({ lifecycle, health, traffic, isSmall = false }: Props) {
  return (
    <span className={`flex flex-wrap ${isSmall ? "gap-1" : "gap-1.5"}`}>
      <Badge {...LIFECYCLES[lifecycle]} isSmall={isSmall} />
      <Badge {...HEALTHS[health]} isSmall={isSmall} />
      <Badge {...TRAFFICS[traffic]} isSmall={isSmall} />
    </span>
  );
}
