import type { ReplicaCounts as Counts } from "@slipway/contracts";

/** How many replicas answer of how many were asked for, and how many are on their way. */
export function ReplicaCounts({ ready, starting, wanted }: Counts) {
  return (
    <span className="whitespace-nowrap leading-6">
      <span className="font-medium tabular-nums">
        {ready}/{wanted}
      </span>{" "}
      ready
      {starting > 0 ? <span className="block text-busy">{starting} starting</span> : null}
    </span>
  );
}
