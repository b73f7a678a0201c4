import { useState } from "react";
import { type HeldRows, holdRows } from "./hold-rows.ts";

type Held<Row> = { rows: readonly Row[]; key: string };

/**
 * Keeps lines in their places from when a pointer or the focus enters the list until it leaves, until `release`, or until
 * another list is asked for (`key`): lines that a person asked for need not wait.
 */
export function useHeldRows<Row extends { uid: string }>(latest: readonly Row[], key: string) {
  const [shown, setShown] = useState<Held<Row> | null>(null);
  const held: HeldRows<Row> = holdRows(shown?.key === key ? shown.rows : null, latest);
  const hold = () => setShown((before) => (before?.key === key ? before : { rows: latest, key }));
  const release = () => setShown(null);
  return {
    ...held,
    release,
    holdProps: { onPointerEnter: hold, onPointerLeave: release, onFocus: hold, onBlur: release },
  };
}
