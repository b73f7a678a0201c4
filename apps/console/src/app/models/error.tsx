"use client";
import { PageError } from "../../features/frame/page-error.tsx";

export default function ModelsError({ reset }: { reset: () => void }) {
  return <PageError page="Models" title="The models cannot be read." reset={reset} />;
}
