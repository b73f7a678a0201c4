import {
  API_VERSION,
  type KindName,
  kindName,
  PENDING_STATUS,
  type ResourceRef,
  type ResourceView,
  registryUri,
  resolvedModel,
  resourceStatus,
} from "@slipway/contracts";
import type { Db, Tx } from "@slipway/db";
import * as z from "zod";

const texts = z.record(z.string(), z.string());

/** What a variant's reference to a registered model stands for at the present generation. */
const resolvedVersion = resolvedModel
  .omit({ uri: true })
  .transform((model) => ({ ...model, uri: registryUri(model.sha256) }));

/** A row of the resource table with its owner's name and its status. */
export const resourceRow = z.object({
  uid: z.string(),
  group: z.string(),
  kind: kindName,
  name: z.string(),
  title: z.string().nullable(),
  labels: texts,
  annotations: texts,
  spec: z.record(z.string(), z.unknown()),
  generation: z.int(),
  version: z.int(),
  ownerUid: z.string().nullable(),
  ownerGeneration: z.int().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
  deletedAt: z.date().nullable(),
  ownerKind: kindName.nullable(),
  ownerName: z.string().nullable(),
  resolution: z.record(z.string(), resolvedVersion),
  // One that another version of Slipway wrote and this one cannot read counts as none; the scheduler writes it again.
  status: resourceStatus.nullable().catch(null),
});
export type ResourceRow = z.output<typeof resourceRow>;

/** The start of every query for `resourceRow`; the row itself is `r`. */
export const SELECT_RESOURCES = `
  SELECT r.uid, r."group", r.kind, r.name, r.title, r.labels, r.annotations, r.spec, r.generation, r.version,
         r.owner_uid AS "ownerUid", r.owner_generation AS "ownerGeneration",
         r.created_at AS "createdAt", r.updated_at AS "updatedAt", r.deleted_at AS "deletedAt",
         o.kind AS "ownerKind", o.name AS "ownerName", s.status,
         (SELECT coalesce(jsonb_object_agg(u.variant, jsonb_build_object('sha256', v.sha256,
            'registered', jsonb_build_object('name', m.name, 'version', u.version, 'alias', u.alias))), '{}')
          FROM model_use u JOIN registered_model m ON m.id = u.model_id
          JOIN model_version v ON v.model_id = u.model_id AND v.version = u.version
          WHERE u.deployment_uid = r.uid) AS resolution
  FROM resource r LEFT JOIN resource o ON o.uid = r.owner_uid LEFT JOIN resource_status s ON s.uid = r.uid`;

/** The key of a resource as one text. */
export function refKey(ref: { group: string; kind: KindName; name: string }): string {
  return `${ref.group}/${ref.kind}/${ref.name}`;
}

/** The rows of these keys, those that there are, in the order of their keys. `lock` holds them until the transaction ends. */
export async function findResources(
  on: Tx | Db["pool"],
  refs: readonly ResourceRef[],
  options: { lock: boolean },
): Promise<ResourceRow[]> {
  const { rows } = await on.query(
    `${SELECT_RESOURCES}
     WHERE (r."group", r.kind, r.name) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))
     ORDER BY r."group", r.kind, r.name ${options.lock ? "FOR UPDATE OF r" : ""}`,
    [refs.map((ref) => ref.group), refs.map((ref) => ref.kind), refs.map((ref) => ref.name)],
  );
  return z.array(resourceRow).parse(rows);
}

/** What readers get of a row. */
export function toResourceView(row: ResourceRow): ResourceView {
  return {
    apiVersion: API_VERSION,
    kind: row.kind,
    metadata: {
      name: row.name,
      group: row.group,
      ...(row.title === null ? {} : { title: row.title }),
      labels: row.labels,
      annotations: row.annotations,
      uid: row.uid,
      generation: row.generation,
      version: row.version,
      owner: row.ownerName,
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      deletedAt: row.deletedAt?.toISOString() ?? null,
    },
    spec: row.spec,
    status: row.status ?? PENDING_STATUS,
    ...(Object.keys(row.resolution).length === 0 ? {} : { resolution: row.resolution }),
  };
}
