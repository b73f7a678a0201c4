import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DataDirLayout, dataDirLayout } from "@slipway/service-kit";
import { PlatformError } from "../platform-error.ts";

export type Secrets = { internal: string; tokenKey: string; admin: string; postgres: string };

/** Makes the folders of a data directory where they are missing; only its owner may look into it. */
export function openDataDirectory(root: string): DataDirLayout {
  const layout = dataDirLayout(root);
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    chmodSync(root, 0o700);
    const folders = [layout.processes, layout.logs, layout.secrets, layout.gateway, layout.scheduler, layout.models];
    for (const folder of folders) mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new PlatformError(
      `The data directory ${root} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      "start as the user who owns it, or name another folder with SLIPWAY_DATA_DIR.",
      { cause: error },
    );
  }
  return layout;
}

/** Reads a secret, or makes it when it is not there; whoever comes second gets what the first one made. */
function secret(path: string, make: () => string): string {
  const fresh = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  writeFileSync(fresh, make(), { mode: 0o600 });
  try {
    linkSync(fresh, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
  return readFileSync(path, "utf8").trim();
}

/** The secrets of a data directory, made once and kept in files that only their owner can read. */
export function openSecrets(layout: DataDirLayout): Secrets {
  const text = () => randomBytes(32).toString("base64url");
  return {
    internal: secret(layout.internalSecret, text),
    tokenKey: secret(layout.tokenKey, () => randomBytes(32).toString("hex")),
    admin: secret(layout.adminToken, text),
    postgres: secret(join(layout.secrets, "postgres"), text),
  };
}
