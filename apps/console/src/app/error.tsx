"use client";
import { PageError } from "../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; retry: () => void };

export default function AnyError({ error, retry }: Props) {
  return <PageError page="Slipway" title="This page cannot be shown." error={error} retry={retry} />;
}
