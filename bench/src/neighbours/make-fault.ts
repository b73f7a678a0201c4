import { request } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { systemClock } from "@slipway/service-kit";
import * as z from "zod";

/**
 * A program of its own, so that what it costs to make a fault is not measured as the neighbours' wait. Runs until it is
 * ended, and no longer than its time. Loopback only.
 */
const order = z.object({
  fault: z.enum(["hung", "flooded", "abandoned", "large", "held"]),
  url: z.url(),
  grpcAddress: z.string(),
  key: z.string(),
  body: z.string(),
  ms: z.number().max(30_000),
});
const { fault, url, grpcAddress, key, ms, body: given } = order.parse(JSON.parse(process.argv[2] ?? "{}"));
if (new URL(url).hostname !== "127.0.0.1") throw new Error(`faults are made on loopback only, not at ${url}`);
const numbers = () => Array.from({ length: 2_000_000 }, (_, index) => index % 100).join(",");
/** As large as a deployment takes by default, and answered by as much. */
const body =
  fault === "large" ? `{"inputs":[{"name":"x","shape":[2000000],"datatype":"FP32","data":[${numbers()}]}]}` : given;
const untilMs = systemClock.monotonicMs() + ms;
const isOver = () => systemClock.monotonicMs() >= untilMs;

/** One request to its end, or until its caller leaves. */
function post(text: string, leaveAfterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const sent = request(url, { method: "POST", headers, timeout: leaveAfterMs }, (response) => response.resume());
    sent.on("timeout", () => sent.destroy());
    sent.on("error", () => undefined);
    sent.on("close", () => resolve());
    sent.end(text);
  });
}

async function repeat(callers: number, leaveAfterMs: number, pauseMs: number): Promise<void> {
  const loop = async () => {
    while (!isOver()) {
      await post(body, leaveAfterMs);
      await systemClock.sleep(pauseMs);
    }
  };
  await Promise.all(Array.from({ length: callers }, loop));
}

/** Bodies that are announced, sent up to their last megabyte and never ended: half of the callers by REST, half by gRPC. */
async function holdBodies(callers: number): Promise<void> {
  const chunk = Buffer.alloc(1 << 20, 32);
  const announced = 16 << 20;
  const { hostname, port, pathname } = new URL(url);
  for (let index = 0; index < callers; index += 1) {
    if (index % 2 === 0) {
      const socket = connect(Number(port), hostname);
      socket.on("error", () => undefined);
      socket.write(
        `POST ${pathname} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${announced}\r\n\r\n`,
      );
      for (let sent = 0; sent < 15; sent += 1) socket.write(chunk);
      continue;
    }
    const session = connectHttp2(`http://${grpcAddress}`);
    session.on("error", () => undefined);
    const stream = session.request({
      ":method": "POST",
      ":path": "/inference.GRPCInferenceService/ModelInfer",
      "content-type": "application/grpc",
      "slipway-deployment": key,
    });
    stream.on("error", () => undefined);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(announced, 1);
    stream.write(head);
    for (let sent = 0; sent < 15; sent += 1) stream.write(chunk);
  }
  while (!isOver()) await systemClock.sleep(50);
}

process.stdout.write("on\n");
switch (fault) {
  case "hung":
    await repeat(1, 60_000, 100);
    break;
  case "flooded":
    await repeat(200, 60_000, 0);
    break;
  case "abandoned":
    await repeat(16, 50, 5);
    break;
  case "large":
    await repeat(2, 60_000, 50);
    break;
  case "held":
    await holdBodies(60);
    break;
  default:
    fault satisfies never;
}
process.exit(0);
