import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const MAIN = fileURLToPath(new URL("../../../../apps/model-server/src/main.ts", import.meta.url));
const listening = z.object({ msg: z.literal("listening"), http: z.string(), grpc: z.string() });

/** The model server as `npm start` runs it, on free ports. */
export type ModelServerProcess = {
  readonly pid: number;
  readonly baseUrl: string;
  readonly grpcAddress: string;
  /** Resolves with how the process ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Sends SIGTERM and waits for the end; resolves at once when it has ended. */
  stop(): Promise<void>;
};

/** Starts the process and resolves when it listens. @throws Error when it ends before */
export async function startModelServerProcess(env: Readonly<Record<string, string>> = {}): Promise<ModelServerProcess> {
  const child: ChildProcess = spawn(process.execPath, [MAIN], {
    env: { ...env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<Awaited<ModelServerProcess["ended"]>>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const addresses = await new Promise<z.output<typeof listening>>((resolve, reject) => {
    if (child.stdout === null) return reject(new Error("the process has no output"));
    createInterface(child.stdout).on("line", (line) => {
      const parsed = listening.safeParse(parseOrNull(line));
      if (parsed.success) resolve(parsed.data);
    });
    ended.then(({ code }) => reject(new Error(`the model server ended with code ${code} before it listened`)));
  });
  return {
    pid: child.pid ?? 0,
    baseUrl: addresses.http,
    grpcAddress: addresses.grpc,
    ended,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function parseOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
