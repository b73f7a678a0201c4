export * from "./ports.ts";
export { findPostgresBinaries, type PostgresBinaries } from "./postgres/binaries.ts";
export { type Postgres, type PostgresOptions, startPostgres } from "./postgres/start-postgres.ts";
