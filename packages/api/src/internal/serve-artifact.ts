import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { REGISTRY_DOWNLOAD_PATH, SlipwayError } from "@slipway/contracts";
import type { ArtifactStore } from "@slipway/domain";
import { secretsEqual } from "@slipway/rpc";

export type ArtifactServer = { artifacts: ArtifactStore; internalSecret: string };

const PATH = new RegExp(`^${REGISTRY_DOWNLOAD_PATH}([0-9a-f]{64})$`);
const RANGE = /^bytes=(\d{1,15})-$/;
/** How long a reader may take nothing. */
const IDLE_MS = 60_000;

/** Whether a path is where processes of the platform fetch registered models. */
export function isArtifactPath(path: string): boolean {
  return path.startsWith(REGISTRY_DOWNLOAD_PATH);
}

/**
 * Gives a process of the platform the bytes under a digest (GET), or says how many there are (HEAD), from any byte on
 * (`range: bytes=<n>-`). It asks no database: replicas can load what they hold while none is there. When the storage breaks
 * off, the connection does.
 * @throws auth/missing, auth/unknown, request/not_found, request/method_not_allowed, registry/bytes_missing, registry/s3_…
 */
export async function serveArtifact(
  request: IncomingMessage,
  response: ServerResponse,
  { artifacts, internalSecret, path, requestId }: ArtifactServer & { path: string; requestId: string },
): Promise<void> {
  const { authorization } = request.headers;
  if (authorization === undefined) throw new SlipwayError("auth/missing", { scheme: "the platform's own bearer" });
  if (!secretsEqual(authorization, `Bearer ${internalSecret}`)) throw new SlipwayError("auth/unknown", {});
  const { method = "GET" } = request;
  if (method !== "GET" && method !== "HEAD") {
    throw new SlipwayError("request/method_not_allowed", { method, allowed: "GET, HEAD" });
  }
  const sha256 = PATH.exec(path)?.[1];
  if (sha256 === undefined) throw new SlipwayError("request/not_found", { path });
  const sizeBytes = await artifacts.sizeOf(sha256);
  if (sizeBytes === null) throw new SlipwayError("registry/bytes_missing", { sha256 });
  const start = startOf(request, sizeBytes);
  const head = () => response.writeHead(start === null ? 200 : 206, headersOf(sizeBytes, start, requestId));
  if (method === "HEAD") {
    head().end();
    return;
  }
  const abort = new AbortController();
  response.once("close", () => abort.abort());
  response.setTimeout(IDLE_MS, () => response.destroy());
  const bytes = await artifacts.read(sha256, { start: start ?? 0, signal: abort.signal });
  head();
  await pipeline(bytes, response).catch((error: unknown) => {
    // Who has left needs no answer.
    if (!abort.signal.aborted || error instanceof SlipwayError) throw error;
  });
}

/** The first byte that is asked for; null = all of them. A range that cannot be given is as if none was asked for. */
function startOf({ headers }: IncomingMessage, sizeBytes: number): number | null {
  const start = Number(RANGE.exec(headers.range ?? "")?.[1] ?? Number.NaN);
  return start < sizeBytes ? start : null;
}

function headersOf(sizeBytes: number, start: number | null, requestId: string): Record<string, string | number> {
  return {
    "content-type": "application/octet-stream",
    "content-length": sizeBytes - (start ?? 0),
    "accept-ranges": "bytes",
    "cache-control": "no-store",
    "x-request-id": requestId,
    ...(start === null ? {} : { "content-range": `bytes ${start}-${sizeBytes - 1}/${sizeBytes}` }),
  };
}
