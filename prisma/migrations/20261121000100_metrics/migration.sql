-- What deployments did over time, and when client tokens were last used.

-- AlterTable
ALTER TABLE "client_token" ADD COLUMN     "calls" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "last_used_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "metric_rollup" (
    "deployment_uid" UUID NOT NULL,
    "step" SMALLINT NOT NULL,
    "at" TIMESTAMPTZ(0) NOT NULL,
    "codes" JSONB NOT NULL DEFAULT '{}',
    "latency" JSONB NOT NULL DEFAULT '{}',
    "max_in_flight" INTEGER,
    "replicas_ready" INTEGER,
    "replicas_wanted" INTEGER,
    "cpu_ms" BIGINT,
    "cpu_over_ms" BIGINT,
    "memory_bytes" BIGINT,

    CONSTRAINT "metric_rollup_pkey" PRIMARY KEY ("deployment_uid","step","at")
);

-- CreateTable
CREATE TABLE "deployment_rate" (
    "deployment_uid" UUID NOT NULL,
    "requests_per_second" DOUBLE PRECISION NOT NULL,
    "p95_ms" DOUBLE PRECISION,
    "server_error_rate" DOUBLE PRECISION,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "deployment_rate_pkey" PRIMARY KEY ("deployment_uid")
);

-- CreateTable
CREATE TABLE "metric_source" (
    "router_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "metric_source_pkey" PRIMARY KEY ("router_id")
);

-- CreateIndex
CREATE INDEX "metric_rollup_step_at_idx" ON "metric_rollup"("step", "at");

-- CreateIndex
CREATE INDEX "metric_source_seen_at_idx" ON "metric_source"("seen_at");

-- CreateIndex
CREATE INDEX "client_token_hmac_idx" ON "client_token"("hmac");

-- What Prisma's schema cannot say.

-- A row is changed many times while its window is open; room in its page keeps the indexes out of that.
ALTER TABLE "metric_rollup" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

-- Adds two maps of counts, as codes and latency are: {"200": 2} and {"200": 1, "503": 1} give {"200": 3, "503": 1}.
CREATE FUNCTION "slipway_add_counts"("a" jsonb, "b" jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_object_agg(key, total), '{}') FROM (
        SELECT key, sum(value::bigint) AS total
        FROM (SELECT * FROM jsonb_each_text(a) UNION ALL SELECT * FROM jsonb_each_text(b)) AS both_maps GROUP BY key
    ) AS sums
$$;
