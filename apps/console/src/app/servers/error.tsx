"use client";
import { PageError } from "../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; retry: () => void };

export default function ServersError({ error, retry }: Props) {
  return <PageError page="Servers" title="The servers cannot be read." error={error} retry={retry} />;
}
