-- CreateTable
CREATE TABLE "registered_model" (
    "id" UUID NOT NULL,
    "group" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "last_version" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "registered_model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_version" (
    "model_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "format" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "filename" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "signature" JSONB NOT NULL,
    "artifact_sample" JSONB,
    "given_sample" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "model_version_pkey" PRIMARY KEY ("model_id","version")
);

-- CreateTable
CREATE TABLE "model_alias" (
    "model_id" UUID NOT NULL,
    "alias" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_alias_pkey" PRIMARY KEY ("model_id","alias")
);

-- CreateTable
CREATE TABLE "model_use" (
    "deployment_uid" UUID NOT NULL,
    "variant" TEXT NOT NULL,
    "model_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "alias" TEXT,

    CONSTRAINT "model_use_pkey" PRIMARY KEY ("deployment_uid","variant")
);

-- CreateIndex
CREATE UNIQUE INDEX "registered_model_group_name_key" ON "registered_model"("group", "name");

-- CreateIndex
CREATE INDEX "model_version_sha256_idx" ON "model_version"("sha256");

-- CreateIndex
CREATE UNIQUE INDEX "model_version_model_id_sha256_key" ON "model_version"("model_id", "sha256");

-- CreateIndex
CREATE INDEX "model_alias_model_id_version_idx" ON "model_alias"("model_id", "version");

-- CreateIndex
CREATE INDEX "model_use_model_id_version_idx" ON "model_use"("model_id", "version");

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "registered_model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_alias" ADD CONSTRAINT "model_alias_model_id_version_fkey" FOREIGN KEY ("model_id", "version") REFERENCES "model_version"("model_id", "version") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_use" ADD CONSTRAINT "model_use_model_id_version_fkey" FOREIGN KEY ("model_id", "version") REFERENCES "model_version"("model_id", "version") ON DELETE RESTRICT ON UPDATE CASCADE;
