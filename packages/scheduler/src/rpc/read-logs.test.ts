import { create } from "@bufbuild/protobuf";
import type { KindName } from "@slipway/contracts";
import { getResource } from "@slipway/domain";
import { LogsRequestSchema } from "@slipway/rpc/control/query";
import { testDatabase, until } from "@slipway/testkit";
import { expect, onTestFinished, test } from "vitest";
import { deployment, onnxServer, startRig } from "../testing/rig.ts";
import { readLogs } from "./read-logs.ts";

const QUERY = JSON.stringify({ want: "page", filter: {}, place: { at: "newest" }, limit: 10 });

test("on a shared server each group's deployment may be shown its own models' lines, where they are or were", async () => {
  const { db } = await testDatabase();
  const rig = await startRig(db, { routersUnknownMs: 500 });
  onTestFinished(() => rig.stop());
  await rig.apply(onnxServer(1));
  await rig.apply(deployment("iris"));
  await rig.apply(deployment("iris").replace("name: iris", "name: iris, group: team"));
  const find = (kind: KindName, group: string, name: string) => getResource(rig.ctx, { kind, group, name });
  const isLive = async (group: string) => (await find("Deployment", group, "iris")).status.lifecycle === "Live";
  await until(async () => (await isLive("default")) && (await isLive("team")), { timeoutMs: 15_000 });

  async function scopeOf(kind: KindName, group: string, name: string) {
    const leadership = rig.leader()?.leadership;
    if (leadership === null || leadership === undefined) throw new Error("nobody leads");
    const request = create(LogsRequestSchema, { resource: { kind, group, name }, queryJson: QUERY });
    await readLogs(leadership, rig.fleet, request, new AbortController().signal);
    return rig.fleet.lastScope;
  }
  for (const group of ["default", "team"]) {
    const { uid } = (await find("Model", group, "iris.main")).metadata;
    expect(await scopeOf("Deployment", group, "iris")).toEqual({
      replicas: [{ key: expect.objectContaining({ server: "onnx", replica: 0 }), isHere: true, isShared: true }],
      modelUids: [uid],
    });
  }
  expect(await scopeOf("Server", "platform", "onnx")).toMatchObject({
    modelUids: null,
    replicas: [{ isShared: false }],
  });
  await expect(scopeOf("Deployment", "team", "nobody")).rejects.toMatchObject({ code: "resource/not_found" });
});
