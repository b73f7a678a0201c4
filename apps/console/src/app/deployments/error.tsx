"use client";
import { PageError } from "../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function DeploymentsError({ error, reset }: Props) {
  return <PageError page="Deployments" title="The deployments cannot be read." error={error} reset={reset} />;
}
