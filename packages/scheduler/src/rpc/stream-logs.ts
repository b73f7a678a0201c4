import { create } from "@bufbuild/protobuf";
import type { ServerWritableStream } from "@grpc/grpc-js";
import { type FleetDriver, type LogLine as FleetLogLine, MAX_TAIL_LINES } from "@slipway/fleet";
import { type LogLine, LogLineSchema, type LogsRequest } from "@slipway/rpc/control/query";
import type { Leadership } from "../leader/leadership.ts";
import { findResource } from "./explain-resource.ts";

const DEFAULT_TAIL = 100;

/**
 * Sends the log lines of the replicas that hold an object, each replica's in order. Of a server all lines, of a model only
 * those that name it: a shared server's other lines are other people's. Ends when the caller goes, or at the last line.
 * @throws resource/not_found
 */
export async function streamLogs(
  leadership: Leadership,
  driver: FleetDriver,
  call: ServerWritableStream<LogsRequest, LogLine>,
): Promise<void> {
  const { resource: key, tail, follow } = call.request;
  const { world } = leadership.planner;
  const { resource } = findResource(
    world,
    key ?? { $typeName: "slipway.control.v1.ResourceKey", group: "", kind: "", name: "" },
  );
  const gone = new AbortController();
  call.on("cancelled", () => gone.abort());
  call.on("close", () => gone.abort());
  const options = { tail: Math.min(tail || DEFAULT_TAIL, MAX_TAIL_LINES), follow, signal: gone.signal };
  await Promise.all(
    leadership.replicasOf(resource.uid).map(async ({ serverUid, index, modelUids }) => {
      const server = world.servers.get(serverUid);
      if (server === undefined) return;
      const lines = driver.readLogs({ group: server.group, server: server.name, replica: index }, options);
      for await (const line of lines) {
        if (gone.signal.aborted) return;
        if (modelUids === null || modelUids.some((uid) => line.text.includes(uid))) {
          await send(call, line, `${server.name}-${index}`, gone.signal);
        }
      }
    }),
  );
  call.end();
}

/** Waits for a reader that is slow, so that lines do not pile up here. */
async function send(
  call: ServerWritableStream<LogsRequest, LogLine>,
  { source, atMs, text }: FleetLogLine,
  replica: string,
  signal: AbortSignal,
): Promise<void> {
  const isRoomLeft = call.write(create(LogLineSchema, { source: `${source}-${replica}`, atMs: BigInt(atMs), text }));
  if (isRoomLeft || signal.aborted) return;
  await new Promise<void>((resolve) => {
    call.once("drain", resolve);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
