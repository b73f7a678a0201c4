import { useState } from "react";
import { signInAgain } from "../features/session/sign-in-again.ts";
import { isSignedOut } from "./call-error.ts";
import { type Failure, failureOf } from "./failure.ts";

/** A change that a person asks for: whether it is under way, and why the last try failed. */
export type Action = {
  isPending: boolean;
  failure: Failure | null;
  /** Runs one try; resolves to null when it failed. A second one while the first is under way does nothing. */
  run: <Result>(call: () => Promise<Result>) => Promise<Result | null>;
};

/** Holds the state of one kind of change of a page. `onFailure` hears of each try that failed. */
export function useAction(onFailure?: (failure: Failure) => void): Action {
  const [isPending, setPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  return {
    isPending,
    failure,
    async run(call) {
      if (isPending) return null;
      setPending(true);
      setFailure(null);
      try {
        return await call();
      } catch (error) {
        if (isSignedOut(error)) signInAgain();
        const failed = failureOf(error);
        setFailure(failed);
        onFailure?.(failed);
        return null;
      } finally {
        setPending(false);
      }
    },
  };
}
