import { buttonClass } from "@slipway/ui/button";
import Link from "next/link";
import { pathOfList } from "./deployment-path.ts";

/** Instead of a deployment that is not there, or no more. */
export function DeploymentAbsent({ title, words, group }: { title: string; words: string; group: string }) {
  return (
    <div className="mx-auto mt-[8vh] max-w-md text-center">
      <h1 className="mb-2 break-words font-semibold text-2xl">{title}</h1>
      <p className="mb-6 text-ink-soft">{words}</p>
      <Link href={pathOfList(group)} className={buttonClass("plain")}>
        Go to the deployments
      </Link>
    </div>
  );
}
