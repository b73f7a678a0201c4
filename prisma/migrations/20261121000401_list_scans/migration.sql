-- The newest and the last changed are asked for most.
CREATE INDEX "resource_kind_updated_at_idx" ON "resource"("kind", "updated_at");
CREATE INDEX "resource_kind_created_at_idx" ON "resource"("kind", "created_at");

-- A list of 10,000 is read in some milliseconds by one process; to start others for it takes longer than it saves.
ALTER TABLE "resource" SET (parallel_workers = 0);
ALTER TABLE "resource_status" SET (parallel_workers = 0);
ALTER TABLE "deployment_rate" SET (parallel_workers = 0);
