"use client";
import { PageError } from "../../../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; retry: () => void };

export default function NewError({ error, retry }: Props) {
  return <PageError page="New deployment" title="The form cannot be made." error={error} retry={retry} />;
}
