export { createDb, type Db, type DbOptions } from "./create-db.ts";
export { databaseErrorCode, isDatabaseUnavailable, isRetryable } from "./database-errors.ts";
export type { Cursor } from "./feed/cursor.ts";
export { ensureFeedEpoch, newFeedEpoch } from "./feed/feed-epoch.ts";
export { type PruneOptions, pruneChanges } from "./feed/prune-changes.ts";
export {
  type Change,
  type ChangePart,
  type ChangePlace,
  currentCursor,
  horizonAgeSeconds,
  readChanges,
} from "./feed/read-changes.ts";
export { type WatchOptions, watchChanges } from "./feed/watch-changes.ts";
export * from "./generated/client.ts";
export { type MigrateOptions, MigrationError, migrate } from "./migrations/migrate.ts";
export { RunAgain, type Tx, transaction, withEpoch } from "./transaction.ts";
