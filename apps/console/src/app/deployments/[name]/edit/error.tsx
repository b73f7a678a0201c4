"use client";
import { PageError } from "../../../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; retry: () => void };

export default function EditError({ error, retry }: Props) {
  return <PageError page="Edit the deployment" title="The form cannot be made." error={error} retry={retry} />;
}
