import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { isCallError, isSignedOut } from "../../trpc/call-error.ts";
import { trpc } from "../../trpc/client.ts";
import type { ResourceNews } from "../../trpc/follow-live.ts";
import { useLive } from "../../trpc/use-live.ts";
import { applyNews } from "../deployments/apply-news.ts";
import { EVERY_GROUP } from "../frame/group.ts";
import { signInAgain } from "../session/sign-in-again.ts";
import { type ServerRow, serverRow } from "./server-row.ts";
import { groupsOf, joinParts, SERVERS_MAX, type ServersPart } from "./servers-part.ts";

const KEY = "servers";

/** How a scaling ended; `words` are the API's own. */
export type ScaleOutcome = { ok: true; undo: () => Promise<void> } | { ok: false; words: string };
export type Scale = (row: ServerRow, replicas: number) => Promise<ScaleOutcome>;

/** The servers that a group's models may be placed on, kept as they are now. The only place here that knows the API. */
export function useServers({ group, first }: { group: string; first: ServersPart }) {
  const queryClient = useQueryClient();
  const groups = groupsOf(group);
  const { data } = useQuery({
    queryKey: [KEY, group],
    queryFn: ({ signal }) => readAll(groups, signal),
    initialData: first,
  });
  /** Puts news into the list; false when the list lacks something that it should hold. */
  const patch = (news: ResourceNews): boolean => {
    const mine = news.type === "list" ? news : { ...news, resources: news.resources.filter(isOneOf(groups)) };
    let isComplete = true;
    queryClient.setQueryData<ServersPart>([KEY, group], (held) => {
      if (held === undefined) return held;
      const { parts, isIncomplete } = applyNews([held], mine, { group: EVERY_GROUP, search: "" });
      isComplete = !isIncomplete;
      return parts[0];
    });
    return isComplete;
  };
  useLive(
    KEY,
    (news, readAgain) => {
      if (!patch(news)) readAgain();
    },
    "Server",
  );
  const scale: Scale = async ({ name, group: of, uid, version, wanted }, replicas) => {
    try {
      const change = async (to: number, seen: number) => {
        const target = { kind: "servers", name, group: of, uid, version: seen };
        const resource = await trpc.resource.scale.mutate({ ...target, replicas: to });
        patch({ type: "changed", resources: [resource], removed: [] });
        return resource.metadata.version;
      };
      const changed = await change(replicas, version);
      return { ok: true, undo: async () => void (await change(wanted, changed)) };
    } catch (error) {
      return { ok: false, words: wordsOf(error) };
    }
  };
  return { rows: useMemo(() => data.items.map(serverRow), [data]), isPart: data.next !== null, scale };
}

async function readAll(groups: readonly string[], signal: AbortSignal): Promise<ServersPart> {
  const read = (group: string) => trpc.resource.list.query({ kind: "servers", group, limit: SERVERS_MAX }, { signal });
  return joinParts(await Promise.all(groups.map(read)));
}

function isOneOf(groups: readonly string[]) {
  return ({ metadata }: { metadata: { group: string } }) =>
    groups.includes(EVERY_GROUP) || groups.includes(metadata.group);
}

/** What the API said; of an answer that never came nobody knows what became of the request. */
function wordsOf(error: unknown): string {
  if (isSignedOut(error)) signInAgain();
  if (isCallError(error) && error.data !== undefined && error.data !== null) return error.message;
  return "The console did not answer. What is asked for is shown as soon as it does; scale again if it is not yours.";
}
