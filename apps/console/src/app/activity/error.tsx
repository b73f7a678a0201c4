"use client";
import { PageError } from "../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function ActivityError({ error, reset }: Props) {
  return <PageError page="Activity" title="The activity cannot be read." error={error} reset={reset} />;
}
