import type { RegisteredModelView } from "@slipway/contracts";
import { CardCell, CardRow, CardTable } from "@slipway/ui/card-table";
import { RelativeTime } from "@slipway/ui/relative-time";
import Link from "next/link";
import { AliasTag } from "./alias-tag.tsx";
import { DeployedIn, LINK } from "./deployed-in.tsx";
import { pathOfModel } from "./model-path.ts";

const TITLES = ["Model", "Latest", "Aliases", "Deployed in", "Updated"];

type Props = { models: readonly RegisteredModelView[]; showsGroup: boolean; nowMs: number };

/** Registered models line by line. */
export function ModelsTable({ models, showsGroup, nowMs }: Props) {
  return (
    <CardTable caption="Registered models" titles={TITLES}>
      {models.map((model) => (
        <CardRow
          key={`${model.group}/${model.name}`}
          name={`${model.group}/${model.name}`}
          head={<Head model={model} showsGroup={showsGroup} />}
          className="@max-4xl:@xl:grid-cols-4"
        >
          <CardCell title="Latest">
            <span className="tabular-nums">{model.latestVersion === null ? "none" : `v${model.latestVersion}`}</span>
          </CardCell>
          <CardCell title="Aliases">
            <Aliases aliases={model.aliases} />
          </CardCell>
          <CardCell title="Deployed in">
            <DeployedIn places={model.deployedIn} />
          </CardCell>
          <CardCell title="Updated">
            <RelativeTime iso={model.updatedAt} nowMs={nowMs} />
          </CardCell>
        </CardRow>
      ))}
    </CardTable>
  );
}

function Head({ model, showsGroup }: { model: RegisteredModelView; showsGroup: boolean }) {
  return (
    <>
      <Link href={pathOfModel(model)} className={`wrap-anywhere font-semibold ${LINK}`}>
        {model.name}
      </Link>
      {showsGroup ? <span className="block text-ink-soft text-xs">group {model.group}</span> : null}
      {model.description === "" ? null : (
        <span className="wrap-anywhere mt-0.5 line-clamp-2 block text-ink-soft">{model.description}</span>
      )}
    </>
  );
}

function Aliases({ aliases }: { aliases: Readonly<Record<string, number>> }) {
  const all = Object.entries(aliases).sort(([one], [other]) => one.localeCompare(other));
  if (all.length === 0) return <span className="text-ink-soft">none</span>;
  return (
    <ul className="flex flex-wrap gap-1.5">
      {all.map(([alias, version]) => (
        <li key={alias}>
          <AliasTag alias={alias} version={version} />
        </li>
      ))}
    </ul>
  );
}
