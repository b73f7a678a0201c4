/**
 * Stands in for the agent's program where only processes matter: starts a "model server" that outlives it, ends it on
 * SIGTERM, and logs one line. Run with SLIPWAY_AGENT_CAPABILITIES=crash it dies at once.
 */
import { spawn } from "node:child_process";
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
const self = identify();
if (self !== null) writeProcessRecord(directory, { name, ...self, addresses: { health: "http://127.0.0.1:1" } });

process.on("SIGTERM", () => {
  say("stub agent stops");
  const record = readProcessRecord(directory, modelServer);
  if (record !== null) signalProcess(record, "SIGTERM", { group: true });
  process.exit(0);
});
setInterval(() => undefined, 1000);
