"use client";
import { PageError } from "../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function AccountError({ error, reset }: Props) {
  return <PageError page="Your account" title="The account cannot be read." error={error} reset={reset} />;
}
