import { defineConfig } from "prisma/config";

/** Only for Prisma's command line in development; the product brings its own migrations runner (packages/db). */
export default defineConfig({
  schema: "prisma/schema",
  migrations: { path: "prisma/migrations" },
  // biome-ignore lint/style/noProcessEnv: this file is the configuration of a command-line tool
  datasource: { url: process.env.DATABASE_URL ?? "postgresql://127.0.0.1:5432/slipway" },
});
