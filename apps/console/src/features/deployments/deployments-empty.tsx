import { Button, buttonClass } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import Link from "next/link";
import type { ReactNode } from "react";
import { pathOfNew } from "../deployment/deployment-path.ts";
import { DEFAULT_GROUP_NAME, EVERY_GROUP } from "../frame/group.ts";

/** Nothing is deployed yet: how to begin. */
export function NothingDeployed({ group }: { group: string }) {
  const inGroup = group === DEFAULT_GROUP_NAME || group === EVERY_GROUP ? "" : ` --group ${group}`;
  return (
    <Framed title="Nothing is deployed here yet">
      <p className="mb-4">A deployment is a model with an address that answers requests.</p>
      <Link href={pathOfNew(group)} prefetch={false} className={buttonClass("primary")}>
        Deploy a model
      </Link>
      <p className="mt-6">Or from the command line:</p>
      <pre className="my-3 whitespace-pre-wrap rounded-md bg-quiet-soft p-3 text-left font-mono text-sm">
        npx slipway apply ./my-model.onnx{inGroup}
      </pre>
      <p>It appears here by itself.</p>
    </Framed>
  );
}

/** The search and the filters leave nothing. */
export function NothingFound({ search, clear }: { search: string; clear: () => void }) {
  return (
    <Framed title={search === "" ? "No deployment matches these filters" : `No deployment matches “${search}”`}>
      <p className="mb-4">
        {search === ""
          ? "Each filter narrows the list of this group."
          : "The search looks at names, titles, models, labels and addresses of this group, within the filters."}
      </p>
      <Button onClick={clear}>Show all deployments</Button>
    </Framed>
  );
}

/** The session may not see this group. */
export function NotAllowed({ group }: { group: string }) {
  return (
    <Notice tone="warn" title={`You may not see the deployments of group ${group}.`}>
      <p>Ask an administrator of the group for the role of a viewer.</p>
    </Notice>
  );
}

function Framed({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto max-w-md rounded-xl border border-line bg-surface px-6 py-10 text-center text-ink-soft">
      <h2 className="wrap-anywhere mb-2 font-semibold text-ink text-lg">{title}</h2>
      {children}
    </div>
  );
}
