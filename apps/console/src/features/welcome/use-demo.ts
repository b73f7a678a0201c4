import type { ResourceView } from "@slipway/contracts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isSignedOut } from "../../trpc/call-error.ts";
import { trpc } from "../../trpc/client.ts";
import { failureOf } from "../../trpc/failure.ts";
import { useLive } from "../../trpc/use-live.ts";
import type { Attempt } from "../deployment/try/trial.ts";
import { DEFAULT_GROUP_NAME } from "../frame/group.ts";
import { signInAgain } from "../session/sign-in-again.ts";
import { DEMO_LABELS, pickDemo } from "./first-page.ts";

const KEY = "demo";

/** The demo as it is now; null while there is none. */
export function useDemo(first: ResourceView[]): ResourceView | null {
  const { data } = useQuery({
    queryKey: [KEY],
    queryFn: async ({ signal }) => {
      const query = { kind: "deployments", group: DEFAULT_GROUP_NAME, labels: DEMO_LABELS };
      return (await trpc.resource.list.query(query, { signal })).items;
    },
    initialData: first,
  });
  useLive(KEY, (_, readAgain) => readAgain());
  return pickDemo(data);
}

/** The demo's own sample as text; undefined until its model is loaded. */
export function useSample({ uid, group, name }: ResourceView["metadata"], isLive: boolean): string | undefined {
  const { data } = useQuery({
    queryKey: [KEY, uid, "sample", isLive],
    queryFn: async ({ signal }) => JSON.stringify(await trpc.sample.get.query({ group, name }, { signal })),
    retry: false,
  });
  return data;
}

/** Sends a request for whoever reads the page, and keeps what became of it. */
export function useSend({ group, name }: ResourceView["metadata"]) {
  const [attempt, setAttempt] = useState<Attempt | null>(null);
  const [isSending, setSending] = useState(false);
  const keep = (outcome: Attempt["outcome"], body: string) =>
    setAttempt((before) => ({ id: (before?.id ?? 0) + 1, atMs: Date.now(), body, outcome }));

  async function send(body: string) {
    if (isSending) return;
    setSending(true);
    try {
      keep({ kind: "answer", answer: await trpc.trial.send.mutate({ group, name, body }) }, body);
    } catch (error) {
      if (isSignedOut(error)) signInAgain();
      keep({ kind: "failure", failure: failureOf(error) }, body);
    } finally {
      setSending(false);
    }
  }
  return { attempt, isSending, send };
}
