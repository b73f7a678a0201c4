import { buttonClass } from "@slipway/ui/button";
import Link from "next/link";
import { pathOfModels } from "./model-path.ts";

/** Instead of a model or version that is not there, or no more. */
export function ModelAbsent({ title, group }: { title: string; group: string }) {
  return (
    <div className="mx-auto mt-[8vh] max-w-md text-center">
      <h1 className="wrap-anywhere mb-2 font-semibold text-2xl">{title}</h1>
      <p className="mb-6 text-ink-soft">It was deleted, or it is in another group.</p>
      <Link href={pathOfModels({ group, search: "", after: "" })} className={buttonClass("plain")}>
        Go to the models
      </Link>
    </div>
  );
}
