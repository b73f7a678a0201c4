-- What the list of deployments filters by, sorts by and searches in stands in plain columns that the database itself derives
-- from the JSON beside them: no writer can forget them, and a list of 10,000 reads no JSON.
ALTER TABLE "resource"
  ADD COLUMN "environment" TEXT GENERATED ALWAYS AS ((spec ->> 'environment'::text)) STORED,
  ADD COLUMN "visibility" TEXT GENERATED ALWAYS AS ((spec #>> '{access,visibility}'::text[])) STORED,
  ADD COLUMN "model_format" TEXT GENERATED ALWAYS AS ((spec #>> '{variants,0,model,format}'::text[])) STORED,
  ADD COLUMN "search" TEXT GENERATED ALWAYS AS (
    lower(
      name || E'\n' || coalesce(title, '') || E'\n' || (uid)::text
      || E'\n' || coalesce(spec #>> '{variants,0,model,uri}'::text[], '')
      || E'\n' || coalesce(spec #>> '{variants,0,model,registered,name}'::text[], '')
      || E'\n' || replace((labels)::text, '": "', '=')
    )
  ) STORED;

ALTER TABLE "resource_status"
  ADD COLUMN "lifecycle" TEXT GENERATED ALWAYS AS ((status ->> 'lifecycle'::text)) STORED,
  ADD COLUMN "health" TEXT GENERATED ALWAYS AS ((status ->> 'health'::text)) STORED,
  ADD COLUMN "traffic" TEXT GENERATED ALWAYS AS ((status ->> 'traffic'::text)) STORED,
  ADD COLUMN "ready" INTEGER GENERATED ALWAYS AS (((status #>> '{replicas,ready}'::text[]))::integer) STORED,
  ADD COLUMN "lifecycle_since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

CREATE INDEX "resource_kind_name_group_idx" ON "resource"("kind", "name", "group");
CREATE INDEX "client_token_expires_at_idx" ON "client_token"("expires_at");

-- What a person keeps of a list: its filters, sort and columns as the address says them.
CREATE TABLE "saved_view" (
    "id" UUID NOT NULL,
    "actor" TEXT NOT NULL,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "saved_view_actor_page_name_key" ON "saved_view"("actor", "page", "name");
