"use client";
import type { ModelVersionView } from "@slipway/contracts";
import { formatMemory } from "@slipway/contracts/format-memory";
import { Button, buttonClass } from "@slipway/ui/button";
import { CopyButton } from "@slipway/ui/copy-button";
import { ExactTime } from "@slipway/ui/relative-time";
import dynamic from "next/dynamic";
import Link from "next/link";
import type { ReactNode } from "react";
import { lazyTab } from "../deployment/lazy-tab.tsx";
import { useDialogAddress } from "../frame/use-dialog-address.ts";
import { AliasTag } from "./alias-tag.tsx";
import { DeleteButton } from "./delete-dialog.tsx";
import { DeployedIn } from "./deployed-in.tsx";
import { ModelAbsent } from "./model-absent.tsx";
import { pathOfDeploy, pathOfModel } from "./model-path.ts";
import { SampleSection } from "./sample-section.tsx";
import { SignatureTable } from "./signature-table.tsx";
import { useComparedVersion } from "./use-compared-version.ts";
import { useVersion } from "./use-registry.ts";

const DIALOGS = ["update"] as const;
const CompareSection = lazyTab(() => import("./compare-section.tsx").then(({ CompareSection: Loaded }) => Loaded));
const UpdateDialog = dynamic(() => import("./update-dialog.tsx").then(({ UpdateDialog: Loaded }) => Loaded));

/** One version of a registered model, live. */
export function VersionView({ first }: { first: ModelVersionView }) {
  const model = { group: first.group, name: first.model };
  const { data: of, isGone } = useVersion(model, first);
  const [open, setOpen] = useDialogAddress(DIALOGS);
  const [compared, compareWith] = useComparedVersion();
  if (isGone) return <ModelAbsent title={`Version ${of.version} of ${of.model} was deleted`} group={of.group} />;
  return (
    <>
      <nav aria-label="Way back" className="mb-2 text-sm">
        <Link
          href={pathOfModel(model)}
          className="wrap-anywhere inline-flex min-h-8 items-center text-ink-soft underline decoration-line underline-offset-4 hover:text-ink"
        >
          {of.model}
        </Link>
      </nav>
      <div className="mb-6 flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 max-w-prose">
          <h1 className="wrap-anywhere font-semibold text-2xl tracking-tight">
            {of.model} <span className="tabular-nums">version {of.version}</span>
          </h1>
          {of.description === "" ? null : <p className="wrap-anywhere mt-1 text-ink-soft">{of.description}</p>}
        </div>
        <div className="flex flex-wrap gap-2">
          <Link href={pathOfDeploy(model, of.version)} className={buttonClass("primary")}>
            Deploy
          </Link>
          {of.version === 1 && compared === null ? null : (
            <Button disabled={compared !== null} onClick={() => compareWith(Math.max(1, of.version - 1))}>
              Compare
            </Button>
          )}
          <Button onClick={() => setOpen("update")}>Update a deployment</Button>
          <DeleteButton target={{ ...model, version: of.version }} usedBy={of.deployedIn} />
        </div>
      </div>
      {compared === null ? null : <CompareSection of={of} with={compared} choose={compareWith} />}
      <Facts of={of} />
      <section aria-labelledby="signature" className="mb-6">
        <h2 id="signature" className="mb-2 font-semibold text-lg">
          Signature
        </h2>
        {of.signature === null ? null : <SignatureTable signature={of.signature} />}
      </section>
      <SampleSection of={of} />
      {open === "update" ? <UpdateDialog of={of} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

function Facts({ of }: { of: ModelVersionView }) {
  return (
    <dl className="mb-6 grid gap-x-8 gap-y-3 text-sm sm:grid-cols-2 lg:grid-cols-3">
      <Fact term="Deployed in">
        <DeployedIn places={of.deployedIn} isAll />
      </Fact>
      <Fact term="Aliases">
        {of.aliases.length === 0 ? (
          <span className="text-ink-soft">none</span>
        ) : (
          <span className="flex flex-wrap gap-1.5">
            {of.aliases.map((alias) => (
              <AliasTag key={alias} alias={alias} />
            ))}
          </span>
        )}
      </Fact>
      <Fact term="File">
        <span className="wrap-anywhere">{of.filename}</span>,{" "}
        <span className="tabular-nums">{formatMemory(of.sizeBytes)}</span>
      </Fact>
      <Fact term="Created">
        <ExactTime iso={of.createdAt} /> <span className="wrap-anywhere">by {of.createdBy}</span>
      </Fact>
      <div className="sm:col-span-2">
        <dt className="mb-0.5 text-ink-soft">SHA-256</dt>
        <dd className="flex flex-wrap items-center gap-2">
          <code className="wrap-anywhere font-mono text-xs">{of.sha256}</code>
          <CopyButton text={of.sha256} what="digest" />
        </dd>
      </div>
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="mb-0.5 text-ink-soft">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
