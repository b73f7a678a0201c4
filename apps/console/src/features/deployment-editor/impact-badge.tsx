import type { FieldImpact } from "@slipway/contracts";
import { Badge, type Tone } from "@slipway/ui/badge";
import type { IconName } from "@slipway/ui/icon";

const LOOKS: { readonly [Impact in FieldImpact]: { icon: IconName; tone: Tone; word: string } } = {
  live: { icon: "check", tone: "good", word: "At once" },
  reload: { icon: "clock", tone: "busy", word: "Loads anew beside" },
  stops: { icon: "warning", tone: "bad", word: "Interrupts" },
  none: { icon: "flow-none", tone: "quiet", word: "Nothing that runs" },
};

/** What a change of a field does to what runs, in icon and word. */
export function ImpactBadge({ impact }: { impact: FieldImpact }) {
  return <Badge {...LOOKS[impact]} />;
}
