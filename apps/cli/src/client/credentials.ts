import { readFileSync } from "node:fs";
import { dataDirLayout } from "@slipway/service-kit";
import * as z from "zod";
import { failure } from "../failure.ts";

const credentials = z.object({ apiUrl: z.url(), token: z.string().min(1) });
export type Credentials = z.output<typeof credentials>;

/** What the platform of this machine wrote for its command line; the file is readable by its owner alone. */
export function readCredentials(dataDir: string): Credentials {
  const path = dataDirLayout(dataDir).credentials;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw failure("no_credentials", { dataDir });
  }
  try {
    return credentials.parse(JSON.parse(text));
  } catch {
    throw failure("bad_credentials", { path });
  }
}

const platformFile = z.object({ gatewayUrl: z.url(), consoleUrl: z.url() });
export type PlatformAddresses = z.output<typeof platformFile>;

/** Where the running platform listens; null when it is not up. */
export function readPlatformAddresses(dataDir: string): PlatformAddresses | null {
  try {
    return platformFile.parse(JSON.parse(readFileSync(dataDirLayout(dataDir).platformFile, "utf8")));
  } catch {
    return null;
  }
}
