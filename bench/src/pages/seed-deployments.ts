import type { Db } from "@slipway/db";

/**
 * Stores deployments as a fleet of that size would have them: named, titled and labelled, most of them well, each with the
 * traffic of its last minute. The specs are whole; nobody runs them.
 */
export async function seedDeployments(db: Db, count: number): Promise<void> {
  await db.pool.query(
    `INSERT INTO resource (uid, "group", kind, name, title, labels, spec, updated_at)
     SELECT gen_random_uuid(), 'default', 'Deployment', 'model-' || lpad(n::text, 5, '0'), 'Model number ' || n,
       jsonb_build_object('team', (ARRAY['growth', 'risk', 'search', 'ads'])[1 + n % 4]),
       jsonb_build_object(
         'type', 'Regular', 'environment', (ARRAY['development', 'staging', 'production'])[1 + n % 3],
         'variants', jsonb_build_array(jsonb_build_object('name', 'main', 'model',
           jsonb_build_object('uri', 'file:/models/family-' || n % 97 || '/model.onnx', 'format', 'onnx'))),
         'resources', '{}'::jsonb, 'scaling', jsonb_build_object('replicas', 1 + n % 3),
         'access', jsonb_build_object('visibility', 'private'),
         'limits', '{"timeout":"30s","bodySize":"20Mi","inFlightPerReplica":64,"startTimeout":"5m"}'::jsonb,
         'running', true),
       now() - n * interval '1 second'
     FROM generate_series(1, $1) n`,
    [count],
  );
  await db.pool.query(
    `INSERT INTO resource_status (uid, status)
     SELECT uid, jsonb_build_object(
       'observedGeneration', 1, 'servingGeneration', 1, 'lifecycle', 'Live', 'reason', NULL, 'message', '',
       'health', CASE WHEN name LIKE '%13' THEN 'Degraded' ELSE 'Healthy' END, 'traffic', 'Serving',
       'replicas', '{"ready":1,"starting":0,"wanted":1}'::jsonb, 'conditions', '[]'::jsonb, 'progress', '[]'::jsonb,
       'signature', NULL, 'memory', NULL)
     FROM resource WHERE kind = 'Deployment'`,
  );
  await db.pool.query(
    `INSERT INTO deployment_rate (deployment_uid, requests_per_second, p95_ms, server_error_rate, at)
     SELECT uid, random() * 100, random() * 50, 0, now() FROM resource WHERE kind = 'Deployment'`,
  );
  await db.pool.query("ANALYZE resource, resource_status, deployment_rate");
}
