import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CommandFailure, failure } from "../failure.ts";

export type UploadFile = {
  url: URL;
  headers: Readonly<Record<string, string>>;
  /** Absolute path of the file. */
  file: string;
  onProgress: (sentBytes: number, totalBytes: number) => void;
  signal: AbortSignal;
};

/**
 * Sends a file as the raw body of a PUT, as it is read, and answers what came back. A server that refuses it before it has
 * all of it is heard too.
 * @throws CommandFailure when nobody answers
 */
export async function uploadFile({ url, headers, file, onProgress, signal }: UploadFile): Promise<Response> {
  const { size } = await stat(file);
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const request = send(url, { method: "PUT", headers: { ...headers, "content-length": String(size) }, signal });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once("response", resolve);
    request.once("error", reject);
  });
  let sent = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      onProgress(sent, size);
      done(null, chunk);
    },
  });
  // Its error is the request's, which the answer's promise tells of, unless there is an answer already.
  pipeline(createReadStream(file), counted, request).catch(() => undefined);
  try {
    const response = await answered;
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(Buffer.from(chunk));
    return new Response(Buffer.concat(chunks), { status: response.statusCode ?? 500 });
  } catch (error) {
    if (error instanceof CommandFailure || signal.aborted) throw error;
    throw failure("unreachable", { url: url.origin });
  } finally {
    request.destroy();
  }
}
