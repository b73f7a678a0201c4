/**
 * A model server that keeps to the contract with its agent (record, crash file, health, repository API) and holds no
 * models: one whose name begins with "killer" aborts the process while it loads; a request to "trap" aborts it while it
 * runs. One whose name begins with "hung" it holds and does not run any more.
 */
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import type { LoadedModelView } from "@slipway/inference";
import { identify, removeProcessRecord, writeProcessRecord } from "@slipway/service-kit";
import * as z from "zod";

const settings = z.object({
  SLIPWAY_PROCESS_NAME: z.string(),
  SLIPWAY_PROCESS_RECORD_DIR: z.string(),
  SLIPWAY_CRASH_FILE: z.string(),
  SLIPWAY_MODEL_SERVER_HTTP_PORT: z.coerce.number(),
});
// biome-ignore lint/style/noProcessEnv: a stand-in for a whole program reads its own environment
const env = settings.parse(process.env);
const loadBody = z.object({ parameters: z.object({ version: z.string() }) });

const EMPTY_VIEW: LoadedModelView = {
  name: "",
  version: "",
  platform: "none",
  inputs: [],
  outputs: [],
  sample: null,
  place: "inline",
  run_ms: 0,
  load_ms: 1,
  measured_bytes: 1,
  declared_bytes: 0,
  batching: { proven: false, reason: "holds nothing" },
};

type Model = { name: string; version: string };
const held = new Map<string, Model>();
const HUNG = { state: "UNAVAILABLE", reason: "its runs did not end", code: "model/hung", data: { runs: 3 } };
const isHung = ({ name }: Model) => name.startsWith("hung");
const active: { loading: Model[]; running: Model[] } = { loading: [], running: [] };
const note = () => writeFileSync(env.SLIPWAY_CRASH_FILE, JSON.stringify(active));
note();

const server = createServer(async (request, response) => {
  const [, , api, kind, name = "", verb] = (request.url ?? "").split("/").map(decodeURIComponent);
  const answer = (body: unknown) => response.end(JSON.stringify(body));
  if (api === "health") return answer({});
  if (kind === "index") {
    return answer([...held.values()].map((model) => ({ ...model, ...(isHung(model) ? HUNG : { state: "READY" }) })));
  }
  if (verb === "load") {
    const { version } = loadBody.parse(JSON.parse((await buffer(request)).toString())).parameters;
    active.loading.push({ name, version });
    note();
    if (name.startsWith("killer")) process.abort();
    // Long enough that a neighbour which is loaded beside a killer would be there in its crash.
    await new Promise((resolve) => setTimeout(resolve, 50));
    active.loading = active.loading.filter((model) => model.name !== name);
    note();
    held.set(name, { name, version });
    return answer({ ...EMPTY_VIEW, name, version });
  }
  if (verb === "unload") {
    held.delete(name);
    return answer({});
  }
  const model = held.get(kind ?? "");
  if (model === undefined) return response.writeHead(404).end();
  active.running.push(model);
  note();
  // "busy" runs for ever and harms nobody.
  if (kind === "trap") process.abort();
});
server.listen(env.SLIPWAY_MODEL_SERVER_HTTP_PORT, "127.0.0.1", () => {
  const address = server.address();
  const self = identify();
  if (self === null || address === null || typeof address === "string") return;
  const addresses = { http: `http://127.0.0.1:${address.port}`, grpc: "127.0.0.1:1" };
  writeProcessRecord(env.SLIPWAY_PROCESS_RECORD_DIR, { name: env.SLIPWAY_PROCESS_NAME, ...self, addresses });
});
process.on("SIGTERM", () => {
  removeProcessRecord(env.SLIPWAY_PROCESS_RECORD_DIR, env.SLIPWAY_PROCESS_NAME);
  process.exit(0);
});
