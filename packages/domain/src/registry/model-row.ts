import {
  type ModelSample,
  type ModelVersionView,
  modelFormat,
  modelSignature,
  type RegisteredModelView,
  registeredModelView,
} from "@slipway/contracts";
import { sampleRequest, signature as servedSignature } from "@slipway/inference";
import * as z from "zod";

const time = z.date().transform((at) => at.toISOString());

export const modelRow = z
  .object({ ...registeredModelView.shape, createdAt: time, updatedAt: time })
  .transform((row): RegisteredModelView => row);

/** The start of every query for `modelRow`; the model itself is `m`. */
export const SELECT_MODELS = `
  SELECT m.name, m."group", m.description, m.created_at AS "createdAt", m.updated_at AS "updatedAt",
    (SELECT max(v.version) FROM model_version v WHERE v.model_id = m.id) AS "latestVersion",
    (SELECT count(*)::int FROM model_version v WHERE v.model_id = m.id) AS "versionCount",
    (SELECT coalesce(jsonb_object_agg(a.alias, a.version), '{}') FROM model_alias a WHERE a.model_id = m.id) AS aliases,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('group', r."group", 'name', r.name, 'version', u.version)
       ORDER BY r."group", r.name), '[]')
     FROM model_use u JOIN resource r ON r.uid = u.deployment_uid WHERE u.model_id = m.id) AS "deployedIn"
  FROM registered_model m`;

const sample = z.record(z.string(), z.unknown()).nullable();

const storedVersion = z.object({
  model: z.string(),
  group: z.string(),
  version: z.int(),
  format: modelFormat,
  sha256: z.string(),
  sizeBytes: z.coerce.number(),
  filename: z.string(),
  description: z.string(),
  signature: modelSignature,
  artifactSample: sample,
  givenSample: sample,
  aliases: z.array(z.string()),
  createdAt: time,
  createdBy: z.string(),
  deployedIn: z.array(z.object({ group: z.string(), name: z.string() })),
});

export const versionRow = storedVersion.transform(
  ({ artifactSample, givenSample, ...row }): ModelVersionView => ({
    ...row,
    sample: chooseSample(givenSample, artifactSample, row.signature),
  }),
);

/** The start of every query for `versionRow`; the model is `m`, the version `v`. */
export const SELECT_VERSIONS = `
  SELECT m.name AS model, m."group", v.version, v.format, v.sha256, v.size_bytes AS "sizeBytes", v.filename, v.description,
    v.signature, v.artifact_sample AS "artifactSample", v.given_sample AS "givenSample", v.created_at AS "createdAt",
    v.created_by AS "createdBy",
    array(SELECT a.alias FROM model_alias a WHERE a.model_id = m.id AND a.version = v.version ORDER BY a.alias) AS aliases,
    (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object('group', r."group", 'name', r.name)), '[]')
     FROM model_use u JOIN resource r ON r.uid = u.deployment_uid
     WHERE u.model_id = m.id AND u.version = v.version) AS "deployedIn"
  FROM model_version v JOIN registered_model m ON m.id = v.model_id`;

function chooseSample(
  given: Record<string, unknown> | null,
  own: Record<string, unknown> | null,
  stated: z.output<typeof modelSignature>,
): ModelSample | null {
  if (given !== null) return { request: given, origin: "given" };
  if (own !== null) return { request: own, origin: "artifact" };
  const known = servedSignature.safeParse(stated);
  const made = known.success ? sampleRequest(known.data) : null;
  return made === null ? null : { request: { ...made }, origin: "generated" };
}
