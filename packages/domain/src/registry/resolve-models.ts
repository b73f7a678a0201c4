import {
  type DeploymentSpec,
  type Problem,
  type RegisteredRef,
  type Resolution,
  registryUri,
} from "@slipway/contracts";
import type { Db, Tx } from "@slipway/db";
import * as z from "zod";

/** A reference of a variant to a registered model, and where it stands. */
type Reference = { index: number; variant: string; group: string; field: string; registered: RegisteredRef };

/** What references stand for, by the index of their deployment; and those that stand for nothing, at their fields. */
export type Resolved = {
  resolutions: ReadonlyMap<number, Resolution>;
  /** How many bytes the registered models of a deployment have, by its index. */
  sizes: ReadonlyMap<number, number>;
  problems: readonly (Problem & { index: number })[];
};

const foundRow = z.object({
  index: z.int(),
  variant: z.string(),
  hasModel: z.boolean(),
  version: z.int().nullable(),
  sha256: z.string().nullable(),
  sizeBytes: z.number().nullable(),
});

/**
 * Finds what deployments' references to registered models stand for now. `lock` holds the models until the transaction
 * ends, so that what was found is not deleted and no alias moves meanwhile; call it before any resource is locked.
 */
export async function resolveModels(
  on: Tx | Db["pool"],
  deployments: readonly { index: number; group: string; spec: DeploymentSpec }[],
  options: { lock: boolean },
): Promise<Resolved> {
  const references = deployments.flatMap(referencesOf);
  if (references.length === 0) return { resolutions: new Map(), sizes: new Map(), problems: [] };
  if (options.lock) await lockShared(on, references);
  const { rows } = await on.query(FIND, [JSON.stringify(references.map(toQuery))]);
  const found = new Map(
    z
      .array(foundRow)
      .parse(rows)
      .map((row) => [`${row.index}/${row.variant}`, row]),
  );
  const resolutions = new Map<number, Resolution>();
  const sizes = new Map<number, number>();
  const problems: (Problem & { index: number })[] = [];
  for (const reference of references) {
    const row = found.get(`${reference.index}/${reference.variant}`);
    const { name, alias = null } = reference.registered;
    if (row === undefined || row.version === null || row.sha256 === null) {
      const message = whyNot(reference, row?.hasModel ?? false);
      problems.push({ index: reference.index, field: reference.field, message });
      continue;
    }
    const { version, sha256, sizeBytes } = row;
    sizes.set(reference.index, Math.max(sizes.get(reference.index) ?? 0, sizeBytes ?? 0));
    const resolved = { registered: { name, version, alias }, uri: registryUri(sha256), sha256 };
    resolutions.set(reference.index, { ...resolutions.get(reference.index), [reference.variant]: resolved });
  }
  return { resolutions, sizes, problems };
}

function referencesOf({ index, group, spec }: { index: number; group: string; spec: DeploymentSpec }): Reference[] {
  return spec.variants.flatMap(({ name, model: { registered } }, place) =>
    registered === undefined
      ? []
      : [{ index, group, variant: name, registered, field: `spec.variants.${place}.model.registered` }],
  );
}

function toQuery({ index, variant, group, registered: { name, version, alias } }: Reference) {
  return { index, variant, group, name, version: version ?? null, alias: alias ?? null };
}

async function lockShared(on: Tx, references: readonly Reference[]): Promise<void> {
  await on.query(
    `SELECT FROM registered_model WHERE ("group", name) IN (SELECT * FROM unnest($1::text[], $2::text[]))
     ORDER BY "group", name FOR SHARE`,
    [references.map(({ group }) => group), references.map(({ registered }) => registered.name)],
  );
}

function whyNot({ registered: { name, version, alias }, group }: Reference, hasModel: boolean): string {
  if (!hasModel) return `names ${name}; there is no such registered model in group ${group}`;
  if (version !== undefined) return `names version ${version} of ${name}, which it does not have`;
  if (alias !== undefined) return `names alias ${alias} of ${name}, which it does not have`;
  return `names ${name}, which has no version`;
}

const FIND = `
  SELECT x.index, x.variant, m.id IS NOT NULL AS "hasModel", v.version, v.sha256,
         v.size_bytes::float8 AS "sizeBytes"
  FROM jsonb_to_recordset($1::jsonb) AS x(index int, variant text, "group" text, name text, version int, alias text)
  LEFT JOIN registered_model m ON m."group" = x."group" AND m.name = x.name
  LEFT JOIN model_alias a ON a.model_id = m.id AND a.alias = x.alias
  LEFT JOIN model_version v ON v.model_id = m.id AND v.version =
    CASE WHEN x.version IS NOT NULL THEN x.version WHEN x.alias IS NOT NULL THEN a.version
         ELSE (SELECT max(l.version) FROM model_version l WHERE l.model_id = m.id) END`;
