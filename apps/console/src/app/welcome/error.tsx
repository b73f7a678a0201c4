"use client";
import { PageError } from "../../features/frame/page-error.tsx";

type Props = { error: Error & { digest?: string }; retry: () => void };

export default function WelcomeError({ error, retry }: Props) {
  return <PageError page="First steps" title="The first steps cannot be read." error={error} retry={retry} />;
}
