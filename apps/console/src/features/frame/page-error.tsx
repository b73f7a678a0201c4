"use client";
import { Button } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";

type Props = { page: string; title: string; reset: () => void };

/** Instead of a page that could not be made: the API did not answer, or something broke. Nothing internal is shown. */
export function PageError({ page, title, reset }: Props) {
  return (
    <main id="content" className="mx-auto max-w-2xl px-4 py-16">
      <h1 className="sr-only">{page}</h1>
      <Notice tone="bad" title={title}>
        <p className="mb-4">
          What is deployed serves on. See what is wrong with{" "}
          <code className="rounded bg-quiet-soft px-1 py-0.5 font-mono text-sm">npx slipway doctor</code>
        </p>
        <Button onClick={reset}>Try again</Button>
      </Notice>
    </main>
  );
}
