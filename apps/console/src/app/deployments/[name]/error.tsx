"use client";
import { PageError } from "../../../features/frame/page-error.tsx";

export default function DeploymentError({ reset }: { reset: () => void }) {
  return <PageError page="Deployment" title="The deployment cannot be read." reset={reset} />;
}
