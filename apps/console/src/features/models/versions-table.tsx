import type { ModelVersionView } from "@slipway/contracts";
import { formatMemory } from "@slipway/contracts/format-memory";
import { buttonClass } from "@slipway/ui/button";
import { CardCell, CardRow, CardTable } from "@slipway/ui/card-table";
import { RelativeTime } from "@slipway/ui/relative-time";
import Link from "next/link";
import { AliasTag } from "./alias-tag.tsx";
import { DeployedIn, LINK } from "./deployed-in.tsx";
import { pathOfDeploy, pathOfVersion } from "./model-path.ts";

const TITLES = ["Version", "Aliases", "Size", "Deployed in", "Created", "Deploy"];

/** A model's versions line by line, the latest first. */
export function VersionsTable({ versions, nowMs }: { versions: readonly ModelVersionView[]; nowMs: number }) {
  return (
    <CardTable caption="Versions" titles={TITLES}>
      {versions.map((one) => (
        <CardRow
          key={one.version}
          name={`v${one.version}`}
          head={<Head of={one} />}
          className="@max-4xl:@xl:grid-cols-5"
        >
          <CardCell title="Aliases">
            {one.aliases.length === 0 ? (
              <span className="text-ink-soft">none</span>
            ) : (
              <ul className="flex flex-wrap gap-1.5">
                {one.aliases.map((alias) => (
                  <li key={alias}>
                    <AliasTag alias={alias} />
                  </li>
                ))}
              </ul>
            )}
          </CardCell>
          <CardCell title="Size">
            <span className="whitespace-nowrap tabular-nums">{formatMemory(one.sizeBytes)}</span>
          </CardCell>
          <CardCell title="Deployed in">
            <DeployedIn places={one.deployedIn} />
          </CardCell>
          <CardCell title="Created">
            <RelativeTime iso={one.createdAt} nowMs={nowMs} />
            <span className="wrap-anywhere block text-ink-soft text-xs">by {one.createdBy}</span>
          </CardCell>
          <CardCell title="Deploy">
            <Link
              href={pathOfDeploy({ group: one.group, name: one.model }, one.version)}
              className={buttonClass("plain")}
            >
              Deploy<span className="sr-only"> version {one.version}</span>
            </Link>
          </CardCell>
        </CardRow>
      ))}
    </CardTable>
  );
}

function Head({ of }: { of: ModelVersionView }) {
  return (
    <>
      <Link
        href={pathOfVersion({ group: of.group, name: of.model }, of.version)}
        className={`font-semibold tabular-nums ${LINK}`}
      >
        Version {of.version}
      </Link>
      <span className="wrap-anywhere block text-ink-soft text-xs">
        {of.filename}, {of.sha256.slice(0, 12)}
      </span>
      {of.description === "" ? null : <span className="wrap-anywhere mt-0.5 block">{of.description}</span>}
    </>
  );
}
