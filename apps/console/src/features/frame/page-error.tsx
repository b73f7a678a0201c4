"use client";
import { Button } from "@slipway/ui/button";
import { CopyButton } from "@slipway/ui/copy-button";
import { Notice } from "@slipway/ui/notice";
import { Frame } from "./frame.tsx";

type Props = { page: string; title: string; error: Error & { digest?: string }; retry: () => void };

/** Instead of a page that could not be made: the API did not answer, or something broke. Nothing internal is shown. */
export function PageError({ page, title, error, retry }: Props) {
  return (
    <Frame>
      <div className="mx-auto max-w-2xl py-8">
        <h1 className="sr-only">{page}</h1>
        <Notice tone="bad" title={title}>
          <p className="mb-4">
            What is deployed serves on. See what is wrong with{" "}
            <code className="rounded bg-quiet-soft px-1 py-0.5 font-mono text-sm">npx slipway doctor</code>
          </p>
          <Button onClick={retry}>Try again</Button>
          {error.digest === undefined ? null : (
            <div className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-2 text-ink-soft text-sm">
              <p className="min-w-0">
                The console's log has more under request{" "}
                <span className="wrap-anywhere font-mono text-ink">{error.digest}</span>
              </p>
              <CopyButton text={error.digest} what="the request's id" />
            </div>
          )}
        </Notice>
      </div>
    </Frame>
  );
}
