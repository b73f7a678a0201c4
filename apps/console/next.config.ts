import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  // Types are checked once for the whole repository, by `npm run verify`.
  typescript: { ignoreBuildErrors: true },
  transpilePackages: ["@slipway/ui"],
  turbopack: { root: fileURLToPath(new URL("../..", import.meta.url)) },
  images: { unoptimized: true },
};

export default config;
