"use client";
import { PageError } from "../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function AnyError({ error, reset }: Props) {
  return <PageError page="Slipway" title="This page cannot be shown." error={error} reset={reset} />;
}
