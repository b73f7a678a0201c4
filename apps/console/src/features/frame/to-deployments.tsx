"use client";
import { buttonClass } from "@slipway/ui/button";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { DEFAULT_GROUP_NAME, GROUP_PARAMETER } from "./group.ts";
import { withGroup } from "./pages.ts";

/** The way on from where there is nothing, for the same group. */
export function ToDeployments() {
  const group = useSearchParams().get(GROUP_PARAMETER) ?? DEFAULT_GROUP_NAME;
  return (
    <Link href={withGroup("/deployments", group)} className={buttonClass("plain")}>
      Go to the deployments
    </Link>
  );
}
