"use client";
import { PageError } from "../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; retry: () => void };

export default function AccountError({ error, retry }: Props) {
  return <PageError page="Your account" title="The account cannot be read." error={error} retry={retry} />;
}
