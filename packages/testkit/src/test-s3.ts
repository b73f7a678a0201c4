import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";

const BUCKET = "models";
/** The one account of the server. */
const ACCOUNT = "S3RVER";
const OBJECT = "._S3rver_object";
const UPLOADS = "._S3rver_uploads";
const XML = '<?xml version="1.0" encoding="UTF-8"?>';

/** What becomes of a request: it is answered with an error, its answer breaks off after some bytes, or nothing of the kind. */
export type S3Fault = { status: number; code: string } | { cutAfterBytes: number } | null;

/** An S3-compatible object store on a port and a folder of its own, with one bucket. */
export type TestS3 = {
  url: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Settings of a console that keeps its registry there. */
  env(): Record<string, string>;
  /** Names of the objects in the bucket. */
  objects(): Promise<string[]>;
  /** Ids of uploads in parts that were begun and neither completed nor aborted. */
  pendingUploads(): Promise<string[]>;
  /** How many requests of a method there were. */
  count(method: string): number;
  /** Asked about every request before it is answered. */
  fault: (method: string, url: URL) => S3Fault;
  stop(): Promise<void>;
};

/**
 * Starts the store; `stop` it in the end. The server behind it looks at the name of a key and at no signature, and it aborts
 * and lists no uploads in parts: the first a test may play by `fault`, the others are done here, on its folder.
 */
export async function startTestS3(): Promise<TestS3> {
  // Loaded by those tests alone that want it.
  const { default: S3rver } = await import("s3rver");
  const directory = await mkdtemp(join(tmpdir(), "slipway-s3-"));
  const s3rver = new S3rver({
    directory,
    silent: true,
    vhostBuckets: false,
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  await s3rver.configureBuckets();
  const answer = s3rver.callback();
  const bucket = join(directory, BUCKET);
  const counts = new Map<string, number>();
  let store: TestS3;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET" } = request;
    const url = new URL(request.url ?? "/", "http://localhost");
    counts.set(method, (counts.get(method) ?? 0) + 1);
    const fault = store.fault(method, url);
    const uploadId = url.searchParams.get("uploadId");
    if (fault !== null && "status" in fault) {
      request.resume();
      const body = `${XML}<Error><Code>${fault.code}</Code><Message>Refused by the test</Message></Error>`;
      response.writeHead(fault.status, { "content-type": "application/xml" }).end(body);
    } else if (fault !== null) {
      await breakOff(response, join(directory, `${decodeURIComponent(url.pathname)}${OBJECT}`), fault.cutAfterBytes);
    } else if (method === "DELETE" && uploadId !== null) {
      await rm(join(bucket, UPLOADS, basename(uploadId)), { recursive: true, force: true });
      response.writeHead(204).end();
    } else if (method === "GET" && url.searchParams.has("uploads")) {
      response.writeHead(200, { "content-type": "application/xml" }).end(await listUploads(bucket));
    } else {
      await answer(request, response);
    }
  }
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;

  store = {
    ...{ url, bucket: BUCKET, accessKeyId: ACCOUNT, secretAccessKey: ACCOUNT },
    env: () => ({
      SLIPWAY_REGISTRY_S3_BUCKET: BUCKET,
      SLIPWAY_REGISTRY_S3_ENDPOINT: url,
      SLIPWAY_REGISTRY_S3_ACCESS_KEY_ID: ACCOUNT,
      SLIPWAY_REGISTRY_S3_SECRET_ACCESS_KEY: ACCOUNT,
    }),
    async objects() {
      const files = await readdir(bucket, { recursive: true, withFileTypes: true });
      return files
        .filter((file) => file.isFile() && file.name.endsWith(OBJECT))
        .map((file) => relative(bucket, join(file.parentPath, file.name)).slice(0, -OBJECT.length))
        .sort();
    },
    pendingUploads: () => idsOfUploads(bucket),
    count: (method) => counts.get(method) ?? 0,
    fault: () => null,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
  return store;
}

/** Says how long an object is, and gives no more than its beginning. */
async function breakOff(response: ServerResponse, file: string, bytes: number): Promise<void> {
  const content = await readFile(file);
  response.writeHead(200, { "content-length": content.length });
  response.write(content.subarray(0, bytes), () => response.destroy());
}

async function idsOfUploads(bucket: string): Promise<string[]> {
  const folder = join(bucket, UPLOADS);
  return existsSync(folder) ? readdir(folder) : [];
}

async function listUploads(bucket: string): Promise<string> {
  const uploads = await Promise.all(
    (await idsOfUploads(bucket)).map(async (id) => {
      const folder = join(bucket, UPLOADS, id);
      const initiated = (await stat(join(folder, "key"))).mtime.toISOString();
      const key = await readFile(join(folder, "key"), "utf8");
      return `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${initiated}</Initiated></Upload>`;
    }),
  );
  return `${XML}<ListMultipartUploadsResult>${uploads.join("")}</ListMultipartUploadsResult>`;
}
