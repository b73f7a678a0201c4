-- What a token is good for, and that a newer one took its place; the activity of all groups is read by time.

-- AlterTable
ALTER TABLE "client_token" ADD COLUMN     "methods" TEXT[] DEFAULT ARRAY['infer', 'metadata']::TEXT[],
ADD COLUMN     "replaced_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "audit_at_idx" ON "audit"("at");
