/**
 * Stands in for the agent's program where only processes matter: starts a "model server" that outlives it, ends it on
 * SIGTERM, logs one line, and notes that it was asked for its health. Run with SLIPWAY_AGENT_CAPABILITIES=crash it dies at once.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { identify, isRunning, readProcessRecord, signalProcess, writeProcessRecord } from "@slipway/service-kit";

// biome-ignore lint/style/noProcessEnv: a stand-in for a whole program reads its own environment
const env = process.env;
const directory = env.SLIPWAY_PROCESS_RECORD_DIR ?? "";
const name = env.SLIPWAY_PROCESS_NAME ?? "";
const modelServer = name.replace(/^agent-/, "model-server-");

const say = (message: string) =>
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), msg: message, keys: Object.keys(env).sort() })}\n`,
  );

say("stub agent started");
if (env.SLIPWAY_AGENT_CAPABILITIES === "crash") process.exit(7);

const found = readProcessRecord(directory, modelServer);
if (found === null || !isRunning(found)) {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
  const identity = child.pid === undefined ? null : identify(child.pid);
  if (identity !== null) writeProcessRecord(directory, { name: modelServer, ...identity, addresses: {} });
  child.unref();
}
let asks = 0;
const health = createServer((_request, response) => {
  asks += 1;
  // Who asks a second time has got the first answer.
  if (asks === 2) writeFileSync(join(directory, `${name}.asked`), "");
  response.writeHead(200).end("{}");
});
health.listen(0, "127.0.0.1", () => {
  const self = identify();
  const address = health.address();
  if (self === null || address === null || typeof address === "string") throw new Error("no address");
  writeProcessRecord(directory, { name, ...self, addresses: { health: `http://127.0.0.1:${address.port}` } });
});

process.on("SIGTERM", () => {
  say("stub agent stops");
  const record = readProcessRecord(directory, modelServer);
  if (record !== null) signalProcess(record, "SIGTERM", { group: true });
  process.exit(0);
});
setInterval(() => undefined, 1000);
