import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { ConfigError } from "@slipway/service-kit";

export type Secrets = { tokenKey: Buffer; adminToken: string; internalSecret: string };

/** Reads the files that the settings name. Errors name the file and never what is in it. */
export function readSecrets(files: {
  tokenKeyFile: string;
  adminTokenFile: string;
  internalSecretFile: string;
}): Secrets {
  const tokenKey = readSecret(files.tokenKeyFile);
  if (!/^[0-9a-f]{64}$/i.test(tokenKey)) {
    throw new ConfigError(`${files.tokenKeyFile} must hold 32 bytes in hexadecimal`);
  }
  return {
    tokenKey: Buffer.from(tokenKey, "hex"),
    adminToken: readSecret(files.adminTokenFile),
    internalSecret: readSecret(files.internalSecretFile),
  };
}

/** What tells two platforms on one host apart, in the name of the session's cookie; nothing can be learned from it. */
export function instanceIdOf({ tokenKey }: Secrets): string {
  return createHash("sha256").update("instance").update(tokenKey).digest("hex").slice(0, 8);
}

function readSecret(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch {
    throw new ConfigError(`${file} cannot be read`);
  }
  if (text === "") throw new ConfigError(`${file} is empty`);
  return text;
}
