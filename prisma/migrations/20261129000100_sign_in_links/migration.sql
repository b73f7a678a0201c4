-- A session keeps who made the link that it began with: only a link of the local administrator stands in for an old password.
ALTER TABLE "sign_in_link" ADD COLUMN "made_by" TEXT;
ALTER TABLE "session" ADD COLUMN "link_made_by" TEXT;
