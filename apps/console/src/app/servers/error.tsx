"use client";
import { PageError } from "../../features/frame/page-error.tsx";

export default function ServersError({ reset }: { reset: () => void }) {
  return <PageError page="Servers" title="The servers cannot be read." reset={reset} />;
}
