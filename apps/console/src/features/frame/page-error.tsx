"use client";
import { Button } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import { Frame } from "./frame.tsx";

type Props = { page: string; title: string; error: Error & { digest?: string }; reset: () => void };

/** Instead of a page that could not be made: the API did not answer, or something broke. Nothing internal is shown. */
export function PageError({ page, title, error, reset }: Props) {
  return (
    <Frame>
      <div className="mx-auto max-w-2xl py-8">
        <h1 className="sr-only">{page}</h1>
        <Notice tone="bad" title={title}>
          <p className="mb-4">
            What is deployed serves on. See what is wrong with{" "}
            <code className="rounded bg-quiet-soft px-1 py-0.5 font-mono text-sm">npx slipway doctor</code>
          </p>
          <Button onClick={reset}>Try again</Button>
          {error.digest === undefined ? null : (
            <p className="mt-4 text-ink-soft text-sm">
              The console's log has more under <span className="font-mono">{error.digest}</span>
            </p>
          )}
        </Notice>
      </div>
    </Frame>
  );
}
