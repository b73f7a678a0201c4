import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@slipway/service-kit";
import { freePorts, type Peer, runToEnd, startPeer } from "../peer.ts";

const HERE = import.meta.dirname;

/**
 * Starts MLServer (parallel_workers 0) with one ONNX model under the name `iris`; null with a reason when it cannot be
 * had. Installed once by pip into the user's cache, keyed by its pinned requirements.
 */
export async function startMlserver(modelFile: string): Promise<Peer | { missing: string }> {
  const python = await provision();
  if (typeof python !== "string") return python;
  const folder = mkdtempSync(join(tmpdir(), "slipway-mlserver-"));
  const [http = 0, grpc = 0, metrics = 0] = await freePorts(3);
  mkdirSync(join(folder, "iris"));
  writeFileSync(
    join(folder, "settings.json"),
    JSON.stringify({
      http_port: http,
      grpc_port: grpc,
      metrics_port: metrics,
      host: "127.0.0.1",
      parallel_workers: 0,
      debug: false,
      load_models_at_startup: false,
    }),
  );
  writeFileSync(join(folder, "iris", "onnx_runtime.py"), readFileSync(join(HERE, "onnx_runtime.py")));
  writeFileSync(
    join(folder, "iris", "model-settings.json"),
    JSON.stringify({ name: "iris", implementation: "onnx_runtime.OnnxModel", parameters: { uri: modelFile } }),
  );
  const url = `http://127.0.0.1:${http}`;
  const peer = await startPeer({
    name: "mlserver",
    command: [join(python, "bin", "mlserver"), "start", folder],
    ready: async () => (await fetch(`${url}/v2/health/ready`)).ok,
    cleanUp: () => rmSync(folder, { recursive: true, force: true }),
    url,
    cwd: folder,
  });
  const load = await fetch(`${url}/v2/repository/models/iris/load`, { method: "POST" });
  if (!load.ok) {
    await peer.stop();
    throw new Error(`MLServer did not load the model: ${await load.text()}`);
  }
  return peer;
}

/** The folder of a virtual environment with MLServer, made when it is not there. */
async function provision(): Promise<string | { missing: string }> {
  const requirements = readFileSync(join(HERE, "requirements.txt"), "utf8");
  const version = await runToEnd(["python3", "--version"]).catch(() => null);
  if (version === null) return { missing: "mlserver: no python3 on PATH" };
  const key = createHash("sha256").update(requirements).update(version).digest("hex").slice(0, 16);
  const cache = join(homedir(), ".cache", "slipway", "mlserver");
  const folder = join(cache, key);
  if (existsSync(join(folder, "bin", "mlserver"))) return folder;
  mkdirSync(cache, { recursive: true });
  process.stderr.write("installing MLServer into the cache (about two minutes, once)\n");
  const started = systemClock.monotonicMs();
  // Scripts of a virtual environment name its own folder, so it is made in place and marked whole at the end.
  const building = `${folder}.building`;
  rmSync(building, { recursive: true, force: true });
  try {
    await runToEnd(["python3", "-m", "venv", building]);
    await runToEnd([join(building, "bin", "pip"), "install", "-q", "-r", join(HERE, "requirements.txt")]);
    renameSync(building, folder);
    // After the move the scripts still name the old folder; `python -m` style entry is rewritten here.
    const script = join(folder, "bin", "mlserver");
    writeFileSync(script, readFileSync(script, "utf8").replaceAll(building, folder), { mode: 0o755 });
  } catch (error) {
    return { missing: `mlserver: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}` };
  }
  process.stderr.write(`installed MLServer in ${Math.round((systemClock.monotonicMs() - started) / 1000)} s\n`);
  return folder;
}
