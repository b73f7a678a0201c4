import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../trpc/client.ts";
import { useAskAgain } from "../../trpc/use-live.ts";
import { useSettled } from "./use-settled.ts";

/** Typing has stopped when nothing came for this long. */
const TYPING_STOPS_MS = 400;
const NAME_KEY = "name";

export type NameState =
  | { state: "none" }
  | { state: "checking" }
  | { state: "free" }
  /** Slipway does not answer; it is asked again when it does. */
  | { state: "unknown" }
  | { state: "refused"; problem: string; proposal: string | null };

/** Whether a new deployment may have this name, asked when typing stops. */
export function useNameCheck(name: string, group: string, isNew: boolean): NameState {
  const settled = useSettled(name, TYPING_STOPS_MS);
  useAskAgain(NAME_KEY);
  const { data, isError } = useQuery({
    queryKey: [NAME_KEY, group, settled],
    queryFn: ({ signal }) => trpc.resource.checkName.query({ kind: "deployments", group, name: settled }, { signal }),
    enabled: isNew && settled !== "",
    // Somebody else may take it at any time; the apply asks again.
    staleTime: 5_000,
    retry: false,
  });
  if (!isNew || name === "") return { state: "none" };
  if (settled === name && isError) return { state: "unknown" };
  if (settled !== name || data === undefined) return { state: "checking" };
  if (data.isFree) return { state: "free" };
  return { state: "refused", problem: data.problem ?? "This name cannot be used.", proposal: data.proposal };
}
