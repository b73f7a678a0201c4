import { SelectField } from "@slipway/ui/field";
import { Skeleton } from "@slipway/ui/skeleton";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { trpc } from "../../trpc/client.ts";
import { failureOf } from "../../trpc/failure.ts";
import { comparisonOf, FROM_PARAMETER, TO_PARAMETER } from "./comparison-choice.ts";
import type { DeploymentDetails } from "./deployment-details.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { FieldTable } from "./field-table.tsx";
import { DEPLOYMENT_KEY } from "./use-deployment.ts";

type Props = { details: DeploymentDetails; generations: readonly number[] };

/** What differs between any two revisions. Which, stands in the URL. */
export function RevisionComparison({ details, generations }: Props) {
  const parameters = useSearchParams();
  const { from, to } = comparisonOf(parameters, generations);
  const { data, error } = useDifference(details, from, to);
  const choose = (parameter: string, generation: string) => {
    const next = new URLSearchParams(parameters);
    next.set(parameter, generation);
    window.history.replaceState(null, "", `?${next.toString()}`);
  };
  const choices = [...new Set([...generations, from, to])].sort((a, b) => b - a);
  return (
    <section aria-labelledby="compare" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <h2 id="compare" className="mb-3 font-semibold text-lg">
        Compare
      </h2>
      <div className="mb-4 grid max-w-md grid-cols-2 gap-4">
        <SelectField label="From" value={from} onChange={({ target }) => choose(FROM_PARAMETER, target.value)}>
          {choices.map(revisionOption)}
        </SelectField>
        <SelectField label="To" value={to} onChange={({ target }) => choose(TO_PARAMETER, target.value)}>
          {choices.map(revisionOption)}
        </SelectField>
      </div>
      {data === undefined && error === null ? <Skeleton className="h-16 w-full" /> : null}
      {error === null ? null : <FailureNotice failure={failureOf(error)} />}
      {data === undefined || error !== null ? null : data.fields.length === 0 ? (
        <p className="text-ink-soft text-sm">No field differs.</p>
      ) : (
        <FieldTable
          caption={`What differs between revisions ${from} and ${to}`}
          fields={data.fields}
          before={`Revision ${from}`}
          after={`Revision ${to}${from === to ? " again" : ""}`}
        />
      )}
    </section>
  );
}

/** The fields that differ between two revisions, which never change any more once they are there. */
export function useDifference({ group, name, uid }: DeploymentDetails, from: number, to: number) {
  return useQuery({
    queryKey: [DEPLOYMENT_KEY, uid, "diff", from, to],
    queryFn: ({ signal }) => trpc.history.diff.query({ kind: "deployments", group, name, from, to }, { signal }),
    retry: false,
  });
}

function revisionOption(generation: number) {
  return (
    <option key={generation} value={generation}>
      Revision {generation}
    </option>
  );
}
