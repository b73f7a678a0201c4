"use client";
import { PageError } from "../../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; reset: () => void };

export default function NewError({ error, reset }: Props) {
  return <PageError page="New deployment" title="The form cannot be made." error={error} reset={reset} />;
}
