"use client";
import { PageError } from "../../features/frame/page-error.tsx";

export default function AccountError({ reset }: { reset: () => void }) {
  return <PageError page="Your account" title="The account cannot be read." reset={reset} />;
}
