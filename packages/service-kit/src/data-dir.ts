import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod";
import { processIdentity } from "./os-process.ts";

/** Where everything lies in the data directory of a laptop's platform. */
export function dataDirLayout(root: string) {
  return {
    root,
    platformFile: join(root, "platform.json"),
    lockFile: join(root, "supervisor.json"),
    /** One record per running process; see `ProcessRecord`. */
    processes: join(root, "run"),
    logs: join(root, "logs"),
    secrets: join(root, "secrets"),
    /** Bearer token of the processes among each other. */
    internalSecret: join(root, "secrets", "internal"),
    /** Key of the HMAC of client tokens. */
    tokenKey: join(root, "secrets", "token-key"),
    /** What the CLI on this machine signs in with: { apiUrl, token }. */
    credentials: join(root, "credentials.json"),
    adminToken: join(root, "secrets", "admin-token"),
    postgres: join(root, "postgres"),
    gateway: join(root, "gateway"),
    scheduler: join(root, "scheduler"),
    models: join(root, "models"),
    /** What is uploaded to the model registry. */
    registry: join(root, "registry"),
    agent: (server: string, replica: number) => join(root, "agents", `${server}-${replica}`),
  };
}
export type DataDirLayout = ReturnType<typeof dataDirLayout>;

/** What is known of a running process, so that whoever comes next can adopt or end it. */
export const processRecord = processIdentity.extend({
  /** As in platform.json: `gateway`, `agent-onnx-0`, `model-server-onnx-0`. */
  name: z.string().regex(/^[a-z0-9-]{1,100}$/),
  /** Addresses that it serves, by purpose: { http: "http://127.0.0.1:1234" }. */
  addresses: z.record(z.string(), z.string()).default({}),
});
export type ProcessRecord = z.output<typeof processRecord>;

/**
 * Writes a file so that a reader sees the old or the new text and never a part. For what must be on disk before the work goes
 * on; what may follow later is written through `keptFiles`, which does not throw.
 * @throws what the file system says; nothing is left behind then
 */
export function writeFileAtomically(path: string, text: string, mode = 0o600): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, text, { mode });
    renameSync(temporary, path);
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // What failed first is what counts.
    }
    throw error;
  }
}

/** The record of one name; null when there is none or it cannot be read. */
export function readProcessRecord(directory: string, name: string): ProcessRecord | null {
  try {
    return processRecord.parse(JSON.parse(readFileSync(join(directory, `${name}.json`), "utf8")));
  } catch {
    return null;
  }
}

/** All records there are; unreadable ones are left out. */
export function readProcessRecords(directory: string): ProcessRecord[] {
  let files: string[];
  try {
    files = readdirSync(directory);
  } catch {
    return [];
  }
  return files
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => readProcessRecord(directory, file.slice(0, -".json".length)) ?? []);
}
