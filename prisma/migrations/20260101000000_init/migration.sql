-- The first schema: resources and their history, the change feed, credentials, lease and placements.

-- CreateTable
CREATE TABLE "change" (
    "seq" BIGSERIAL NOT NULL,
    "xid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "uid" UUID NOT NULL,
    "group" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "part" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "change_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "feed" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "epoch" UUID NOT NULL,
    "low_water_xid" xid8 NOT NULL DEFAULT '0'::xid8,
    "low_water_seq" BIGINT NOT NULL DEFAULT 0,
    "fingerprint" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "feed_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "group" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "uid" UUID,
    "request_id" TEXT NOT NULL,
    "message" TEXT NOT NULL DEFAULT '',
    "diff" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event" (
    "id" UUID NOT NULL,
    "uid" UUID NOT NULL,
    "group" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 1,
    "first_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "client_token" (
    "id" TEXT NOT NULL,
    "deployment_uid" UUID NOT NULL,
    "client" TEXT NOT NULL,
    "hmac" BYTEA NOT NULL,
    "hint" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "client_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_link" (
    "hash" BYTEA NOT NULL,
    "actor" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "spent_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_in_link_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "session" (
    "hash" BYTEA NOT NULL,
    "actor" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "resource" (
    "uid" UUID NOT NULL,
    "group" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "annotations" JSONB NOT NULL DEFAULT '{}',
    "spec" JSONB NOT NULL,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "version" INTEGER NOT NULL DEFAULT 1,
    "owner_uid" UUID,
    "owner_generation" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "resource_pkey" PRIMARY KEY ("uid")
);

-- CreateTable
CREATE TABLE "resource_status" (
    "uid" UUID NOT NULL,
    "status" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "resource_status_pkey" PRIMARY KEY ("uid")
);

-- CreateTable
CREATE TABLE "revision" (
    "uid" UUID NOT NULL,
    "generation" INTEGER NOT NULL,
    "group" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "manifest" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "defaults_version" INTEGER NOT NULL,
    "resolution" JSONB NOT NULL DEFAULT '{}',
    "actor" TEXT NOT NULL,
    "message" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL,
    "result" TEXT NOT NULL DEFAULT 'pending',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "revision_pkey" PRIMARY KEY ("uid","generation")
);

-- CreateTable
CREATE TABLE "lease" (
    "name" TEXT NOT NULL,
    "holder_id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lease_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "epoch" (
    "name" TEXT NOT NULL,
    "value" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "epoch_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "placement" (
    "model_uid" UUID NOT NULL,
    "version" TEXT NOT NULL,
    "server_uid" UUID NOT NULL,
    "replica" INTEGER NOT NULL,
    "generation" INTEGER NOT NULL,
    "memory_bytes" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "load" JSONB NOT NULL,
    "serving" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "placement_pkey" PRIMARY KEY ("model_uid","version","server_uid","replica")
);

-- CreateTable
CREATE TABLE "rollout" (
    "uid" UUID NOT NULL,
    "stable_generation" INTEGER,
    "stable_version" TEXT,
    "stable_load" JSONB,
    "target_generation" INTEGER,
    "target_version" TEXT,
    "failed_generation" INTEGER,
    "failure" JSONB,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rollout_pkey" PRIMARY KEY ("uid")
);

-- CreateIndex
CREATE INDEX "change_xid_seq_idx" ON "change"("xid", "seq");

-- CreateIndex
CREATE INDEX "change_created_at_idx" ON "change"("created_at");

-- CreateIndex
CREATE INDEX "audit_group_at_idx" ON "audit"("group", "at");

-- CreateIndex
CREATE INDEX "audit_uid_at_idx" ON "audit"("uid", "at");

-- CreateIndex
CREATE INDEX "event_group_last_at_idx" ON "event"("group", "last_at");

-- CreateIndex
CREATE UNIQUE INDEX "event_uid_reason_message_key" ON "event"("uid", "reason", "message");

-- CreateIndex
CREATE INDEX "client_token_deployment_uid_client_idx" ON "client_token"("deployment_uid", "client");

-- CreateIndex
CREATE INDEX "resource_owner_uid_idx" ON "resource"("owner_uid");

-- CreateIndex
CREATE INDEX "resource_kind_group_name_idx" ON "resource"("kind", "group", "name");

-- CreateIndex
CREATE UNIQUE INDEX "resource_group_kind_name_key" ON "resource"("group", "kind", "name");

-- CreateIndex
CREATE INDEX "revision_group_kind_name_idx" ON "revision"("group", "kind", "name");

-- CreateIndex
CREATE INDEX "placement_server_uid_idx" ON "placement"("server_uid");

-- What Prisma's schema cannot say.

-- Which physical copy of the database this is: another cluster, database, table or timeline means that a backup was restored.
CREATE FUNCTION "slipway_fingerprint"() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws('/',
        (SELECT system_identifier FROM pg_control_system()),
        (SELECT timeline_id FROM pg_control_checkpoint()),
        (SELECT oid FROM pg_database WHERE datname = current_database()),
        'change'::regclass::oid)
$$;

-- Readers of the feed wake up at each commit that changed something; the notification carries nothing, the table does.
CREATE FUNCTION "slipway_notify_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('slipway_change', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER "change_notify" AFTER INSERT ON "change" FOR EACH STATEMENT EXECUTE FUNCTION "slipway_notify_change"();

-- History is only added to.
CREATE FUNCTION "slipway_refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER "audit_append_only" BEFORE UPDATE ON "audit" FOR EACH STATEMENT EXECUTE FUNCTION "slipway_refuse_change"();

-- The rows that there is exactly one of.
INSERT INTO "feed" ("id", "epoch", "fingerprint") VALUES (1, gen_random_uuid(), slipway_fingerprint());
INSERT INTO "epoch" ("name", "value") VALUES ('scheduler', 0);
INSERT INTO "lease" ("name", "holder_id", "address", "expires_at") VALUES ('scheduler', '', '', 'epoch');
