"use client";
import { PageError } from "../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; retry: () => void };

export default function ModelsError({ error, retry }: Props) {
  return <PageError page="Models" title="The models cannot be read." error={error} retry={retry} />;
}
