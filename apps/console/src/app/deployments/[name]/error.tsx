"use client";
import { PageError } from "../../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; retry: () => void };

export default function DeploymentError({ error, retry }: Props) {
  return <PageError page="Deployment" title="The deployment cannot be read." error={error} retry={retry} />;
}
