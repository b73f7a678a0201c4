"use client";
import { PageError } from "../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function ModelsError({ error, reset }: Props) {
  return <PageError page="Models" title="The models cannot be read." error={error} reset={reset} />;
}
