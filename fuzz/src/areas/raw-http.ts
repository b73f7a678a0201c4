import { connect } from "node:net";
import { systemClock } from "@slipway/service-kit";
import * as fc from "fast-check";
import { type Area, hold } from "../area.ts";
import { mutated } from "../gen/mutate.ts";
import { PUBLIC } from "../rig/serving.ts";
import { mustBeRefusal } from "./rest-infer.ts";
import { servingArea } from "./serving-area.ts";

const PATH = `/serve/default/${PUBLIC.deployment}/v2/models/${PUBLIC.deployment}`;
const BODY = '{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}';
const HOST = "host: slipway.test\r\n";
const LENGTH = `content-length: ${BODY.length}\r\n`;

const request = (line: string, headers: string, body = "") => `${line}\r\n${headers}\r\n${body}`;
const CORPUS = [
  request(`POST ${PATH}/infer HTTP/1.1`, HOST + LENGTH, BODY),
  request(
    `POST ${PATH}/infer HTTP/1.1`,
    `${HOST}transfer-encoding: chunked\r\n`,
    `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`,
  ),
  request(`POST ${PATH}/infer HTTP/1.1`, `${HOST}${LENGTH}expect: 100-continue\r\n`, BODY),
  request(`POST ${PATH}/infer HTTP/1.1`, `${HOST}${LENGTH}transfer-encoding: chunked\r\n`, BODY),
  request(
    `POST ${PATH}/infer HTTP/1.1`,
    `${HOST}${LENGTH}x-slipway-served-name: priv\r\nauthorization: Basic eDp5\r\n`,
    BODY,
  ),
  request(`GET ${PATH} HTTP/1.1`, HOST),
  request(`HEAD ${PATH} HTTP/1.1`, HOST),
  request(`GET ${PATH}/ready HTTP/1.1`, `${HOST}connection: close, x-request-id\r\nx-request-id: a\r\n`),
  request(`GET http://slipway.test${PATH} HTTP/1.1`, HOST),
  request(`OPTIONS * HTTP/1.1`, HOST),
  request(`GET /serve/default/${PUBLIC.deployment}/v2/health/ready HTTP/1.0`, ""),
  request(`GET ${PATH} HTTP/1.1`, HOST) + request(`GET ${PATH} HTTP/1.1`, HOST),
  request(`GET ${PATH} HTTP/1.1`, `${HOST}upgrade: websocket\r\nconnection: upgrade\r\n`),
];

const header = fc.tuple(
  fc.constantFrom(
    "a",
    "x-request-id",
    "content-length",
    "host",
    "te",
    "transfer-encoding",
    "x-slipway-client",
    "expect",
    "cookie",
  ),
  fc.constantFrom("", "1", "0", "-1", "chunked", "chunked, chunked", "identity", "a, b", "\u00ff", "100-continue"),
);
/** Many or odd headers: those that the gateway itself sets must not be lost behind them. */
const manyHeaders = fc
  .tuple(fc.array(header, { maxLength: 4 }), fc.constantFrom(0, 5, 90, 120, 990, 996, 1_000, 1_200))
  .map(([odd, count]) => {
    const lines = [...odd, ...Array.from({ length: count }, () => ["a", ""] as const)];
    return Buffer.from(
      request(
        `POST ${PATH}/infer HTTP/1.1`,
        HOST + lines.map(([name, value]) => `${name}:${value}\r\n`).join("") + LENGTH,
        BODY,
      ),
      "latin1",
    );
  });

/** How long a connection may stay silent before it is taken for one that waits for more. */
const SILENT_MS = 60;

export const rawHttp: Area = {
  name: "raw-http",
  guarantee: "whatever bytes come, what is answered is HTTP: the public model's answer, or a refusal by the table",
  inputs: { long: 20_000, short: 60 },
  bytes: () => fc.oneof({ weight: 4, arbitrary: mutated(CORPUS, 3) }, { weight: 1, arbitrary: manyHeaders }),
  open: () =>
    servingArea(({ httpAddress }) => ({
      async check(bytes) {
        const answered = await send(httpAddress, bytes);
        for (const { status, body } of readAnswers(answered, bytes)) mustBeAllowed(status, body);
      },
      close: () => undefined,
    })),
};

/** Sends bytes and takes what comes until the other side closes, or says nothing for a moment. */
function send(httpAddress: string, bytes: Buffer): Promise<Buffer> {
  const [host, port] = httpAddress.split(":");
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), host, () => socket.write(bytes));
    const end = () => socket.destroy();
    let cancel = systemClock.after(SILENT_MS, end);
    socket.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      cancel();
      cancel = systemClock.after(SILENT_MS, end);
    });
    // A connection that the gateway has cut is an answer too.
    socket.on("error", (error) => ("code" in error && error.code === "ECONNREFUSED" ? reject(error) : undefined));
    socket.on("close", () => {
      cancel();
      resolve(Buffer.concat(chunks));
    });
  });
}

type Answer = { status: number; body: string };

/** The answers in what came back. The last one may be cut off by the moment that is waited. */
function readAnswers(answered: Buffer, sent: Buffer): Answer[] {
  const answers: Answer[] = [];
  const isHead = /^HEAD /m.test(sent.toString("latin1"));
  let rest = answered.toString("latin1");
  while (rest !== "") {
    const end = rest.indexOf("\r\n\r\n");
    const head = end < 0 ? rest : rest.slice(0, end);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0);
    hold(status >= 100, "what is answered is HTTP/1.1", () => head.slice(0, 200));
    if (end < 0) return answers;
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const isChunked = /^transfer-encoding: *chunked/im.test(head);
    const body = isChunked ? rest.slice(end + 4) : rest.slice(end + 4, end + 4 + length);
    // Nothing of an answer to HEAD can be told from the beginning of the next one.
    if (isHead) return answers;
    if (isChunked || body.length === length) answers.push({ status, body });
    rest = isChunked ? "" : rest.slice(end + 4 + length);
  }
  return answers;
}

function mustBeAllowed(status: number, body: string): void {
  if (status === 100) return;
  if (status !== 200) {
    mustBeRefusal(status, body);
    return;
  }
  const version = /"model_version":"([^"]*)"/.exec(body)?.[1] ?? PUBLIC.version;
  hold(version === PUBLIC.version, "the answering version is the route's", () => body);
}
