import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";

/** What came back of a call, as bytes; nothing of it is parsed. */
export type RawAnswer = {
  status: string | undefined;
  code: string | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
};

/** Calls gRPC with bytes that no client library would send. */
export class RawGrpc {
  readonly #session: ClientHttp2Session;

  constructor(address: string) {
    this.#session = connect(`http://${address}`);
    this.#session.on("error", () => undefined);
  }

  /** Begins a call and leaves what is sent and read to the test. */
  open(method: string, metadata: OutgoingHttpHeaders): ClientHttp2Stream {
    const path = method.startsWith("/") ? method : `/inference.GRPCInferenceService/${method}`;
    return this.#session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...metadata,
    });
  }

  /** Sends a message (framed here, unless `isFramed`) to a method of the inference service or to a whole path. */
  call(method: string, metadata: OutgoingHttpHeaders, message: Buffer, isFramed = false): Promise<RawAnswer> {
    return answerOf(this.open(method, metadata), isFramed ? message : framed(message));
  }

  close(): void {
    this.#session.destroy();
  }
}

/** Sends the last bytes of a call and resolves with all that comes back. */
export function answerOf(stream: ClientHttp2Stream, last?: Buffer): Promise<RawAnswer> {
  const headers: IncomingHttpHeaders = {};
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    stream.on("response", (received) => Object.assign(headers, received));
    stream.on("trailers", (received) => Object.assign(headers, received));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", () => undefined);
    stream.on("close", () =>
      resolve({
        status: text(headers["grpc-status"]),
        code: text(headers["slipway-code"]),
        headers,
        body: Buffer.concat(chunks),
      }),
    );
    if (last !== undefined) stream.end(last);
  });
}

/** A message with its prefix. */
export function framed(message: Buffer, flag = 0): Buffer {
  const prefix = Buffer.alloc(5, flag);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A protobuf field with a length. */
export function field(number: number, content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([fieldHead(number, bytes.length), bytes]);
}

/** The head of a field with a length, which takes as its own whatever bytes stand behind it. */
export function fieldHead(number: number, length: number): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(length)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

function text(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}
