"use client";
import { PageError } from "../../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function DeploymentError({ error, reset }: Props) {
  return <PageError page="Deployment" title="The deployment cannot be read." error={error} reset={reset} />;
}
