import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useRef, useState } from "react";
import { isSignedOut } from "../../../trpc/call-error.ts";
import { trpc } from "../../../trpc/client.ts";
import { failureOf } from "../../../trpc/failure.ts";
import { signInAgain } from "../../session/sign-in-again.ts";
import type { DeploymentDetails } from "../deployment-details.ts";
import { DEPLOYMENT_KEY } from "../use-deployment.ts";
import { addAttempt, beginTrial, meetModel, type Trial, textOf } from "./trial.ts";

/** Where a page keeps the tab's state while another tab is shown. */
export type KeptTrial = RefObject<Trial | null>;

/**
 * The state of the tab, kept beyond it, and the one call that may be under way. While it is beginning the sample is not
 * there yet: nothing should be typed that it would come into.
 */
export function useTrial({ uid, group, name, signature, hasSample }: DeploymentDetails, kept: KeptTrial) {
  const { data: sample, isPending } = useQuery({
    queryKey: [DEPLOYMENT_KEY, uid, "sample"],
    queryFn: async ({ signal }) => JSON.stringify(await trpc.sample.get.query({ group, name }, { signal })),
    enabled: hasSample,
    retry: false,
  });
  const isBeginning = hasSample && isPending;
  const [trial, setTrial] = useState(() => kept.current ?? beginTrial(signature, sample));
  const [isRefused, setRefused] = useState(false);
  const [sending, setSending] = useState<AbortController | null>(null);
  const running = useRef<AbortController | null>(null);
  const change = (next: (held: Trial) => Trial) =>
    setTrial((held) => {
      const changed = next(held);
      kept.current = changed;
      return changed;
    });
  // Equal signatures are equal texts, however often the deployment was read since.
  const shape = JSON.stringify(signature);
  useEffect(() => {
    setTrial((held) => {
      const met = meetModel(held, JSON.parse(shape), sample);
      kept.current = met;
      return met;
    });
  }, [shape, sample, kept]);
  // Leaving the tab gives up what is under way, as the button does.
  useEffect(() => () => running.current?.abort(), []);

  async function send() {
    const text = textOf(trial);
    setRefused(!text.ok);
    if (!text.ok || running.current !== null) return;
    const abort = new AbortController();
    running.current = abort;
    setSending(abort);
    const body = text.text;
    try {
      const answer = await trpc.trial.send.mutate({ group, name, body }, { signal: abort.signal });
      change((held) => addAttempt(held, { atMs: Date.now(), body, outcome: { kind: "answer", answer } }));
    } catch (error) {
      if (abort.signal.aborted) return;
      if (isSignedOut(error)) signInAgain();
      const outcome = { kind: "failure", failure: failureOf(error) } as const;
      change((held) => addAttempt(held, { atMs: Date.now(), body, outcome }));
    } finally {
      running.current = null;
      setSending(null);
    }
  }
  return { trial, change, send, isBeginning, isRefused, isSending: sending !== null, cancel: () => sending?.abort() };
}
