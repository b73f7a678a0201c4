import Link from "next/link";
import { pathOfDeployment } from "../deployment/deployment-path.ts";

type Place = { group: string; name: string; version?: number };

/** How many are named before the rest is only counted. */
const NAMED = 3;

/** The deployments that something stands behind, each a link. */
export function DeployedIn({ places, isAll = false }: { places: readonly Place[]; isAll?: boolean }) {
  if (places.length === 0) return <span className="text-ink-soft">nothing</span>;
  const named = isAll ? places : places.slice(0, NAMED);
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1">
      {named.map(({ group, name, version }) => (
        <li key={`${group}/${name}/${version}`} className="wrap-anywhere">
          <Link href={pathOfDeployment({ group, name })} className={LINK}>
            {name}
          </Link>
          {version === undefined ? null : <span className="text-ink-soft"> v{version}</span>}
        </li>
      ))}
      {places.length > named.length ? <li className="text-ink-soft">and {places.length - named.length} more</li> : null}
    </ul>
  );
}

export const LINK = "text-ink underline decoration-line underline-offset-4 hover:decoration-ink";
