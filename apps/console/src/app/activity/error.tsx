"use client";
import { PageError } from "../../features/frame/page-error.tsx";

export default function ActivityError({ reset }: { reset: () => void }) {
  return <PageError page="Activity" title="The activity cannot be read." reset={reset} />;
}
