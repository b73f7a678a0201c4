import type { ModelVersionView } from "@slipway/contracts";
import { Badge } from "@slipway/ui/badge";
import { Button } from "@slipway/ui/button";
import { CardCell, CardRow, CardTable } from "@slipway/ui/card-table";
import { SelectField } from "@slipway/ui/field";
import { Skeleton } from "@slipway/ui/skeleton";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { trpc } from "../../trpc/client.ts";
import { failureOf } from "../../trpc/failure.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { comparedSentence, compareVersions } from "./compare-versions.ts";
import { PAGE_ITEMS } from "./registry-parts.ts";

type Props = { of: ModelVersionView; with: number; choose: (version: number | null) => void };

/** A version beside another one of its model. */
export function CompareSection({ of, with: wanted, choose }: Props) {
  const key = { group: of.group, name: of.model };
  const list = useQuery({
    queryKey: ["registry", "numbers", key.group, key.name],
    queryFn: async ({ signal }) => {
      const { items } = await trpc.registry.versions.query({ ...key, limit: PAGE_ITEMS }, { signal });
      return items.map(({ version }) => version);
    },
    retry: false,
  });
  const other = useQuery({
    queryKey: ["registry", "version", key.group, key.name, wanted],
    queryFn: ({ signal }) => trpc.registry.version.query({ ...key, version: wanted }, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const numbers = [...new Set([...(list.data ?? []), wanted])].filter((number) => number !== of.version);
  return (
    <section aria-labelledby="compare" className="mb-6">
      <h2 id="compare" className="mb-2 font-semibold text-lg">
        Compared with another version
      </h2>
      <div className="mb-3 flex flex-wrap items-end gap-3">
        <div className="w-44">
          <SelectField label="The other version" value={wanted} onChange={({ target }) => choose(Number(target.value))}>
            {numbers.map((number) => (
              <option key={number} value={number}>
                Version {number}
              </option>
            ))}
          </SelectField>
        </div>
        <Button onClick={() => choose(null)}>Close the comparison</Button>
      </div>
      {other.error !== null ? (
        <FailureNotice failure={failureOf(other.error)} />
      ) : other.data === undefined ? (
        <Skeleton className="h-40 w-full rounded-xl" />
      ) : (
        <Lines of={of} other={other.data} />
      )}
    </section>
  );
}

function Lines({ of, other }: { of: ModelVersionView; other: ModelVersionView }) {
  const lines = compareVersions(of, other);
  return (
    <>
      <p role="status" className="mb-2 text-sm">
        {comparedSentence(lines)}
      </p>
      <CardTable caption="Comparison" titles={["What", `Version ${of.version}`, `Version ${other.version}`, "Same"]}>
        {lines.map(({ what, one, other: theirs, isSame }) => (
          <CardRow key={what} name={what} head={<span className="wrap-anywhere font-medium">{what}</span>} className="">
            <Value title={`Version ${of.version}`} words={one} />
            <Value title={`Version ${other.version}`} words={theirs} />
            <CardCell title="Same" className="col-span-full">
              {isSame ? (
                <span className="text-ink-soft">same</span>
              ) : (
                <Badge icon="pencil" tone="warn" word="differs" isSmall />
              )}
            </CardCell>
          </CardRow>
        ))}
      </CardTable>
    </>
  );
}

/** What is long is cut; the pages of both versions have all of it. */
function Value({ title, words }: { title: string; words: string }) {
  return (
    <CardCell title={title} className="lg:max-w-96">
      {words === "" ? (
        <span className="text-ink-soft">none</span>
      ) : (
        <span className="wrap-anywhere line-clamp-3">{words}</span>
      )}
    </CardCell>
  );
}
