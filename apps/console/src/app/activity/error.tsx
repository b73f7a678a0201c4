"use client";
import { PageError } from "../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; retry: () => void };

export default function ActivityError({ error, retry }: Props) {
  return <PageError page="Activity" title="The activity cannot be read." error={error} retry={retry} />;
}
