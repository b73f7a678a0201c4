"use client";
import { PageError } from "../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function ServersError({ error, reset }: Props) {
  return <PageError page="Servers" title="The servers cannot be read." error={error} reset={reset} />;
}
