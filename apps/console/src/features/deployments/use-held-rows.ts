import { useState } from "react";
import type { DeploymentRow } from "./deployment-row.ts";
import { type HeldRows, holdRows } from "./hold-rows.ts";

/** Keeps lines in their places from when a pointer or the focus enters the list until it leaves, or until `release`. */
export function useHeldRows(latest: readonly DeploymentRow[]) {
  const [shown, setShown] = useState<readonly DeploymentRow[] | null>(null);
  const held: HeldRows = holdRows(shown, latest);
  const hold = () => setShown((before) => before ?? latest);
  const release = () => setShown(null);
  return {
    ...held,
    release,
    holdProps: { onPointerEnter: hold, onPointerLeave: release, onFocus: hold, onBlur: release },
  };
}
