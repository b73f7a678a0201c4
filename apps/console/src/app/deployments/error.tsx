"use client";
import { PageError } from "../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; retry: () => void };

export default function DeploymentsError({ error, retry }: Props) {
  return <PageError page="Deployments" title="The deployments cannot be read." error={error} retry={retry} />;
}
