import { spawn } from "node:child_process";
import { QUIET_ENVIRONMENT, ROOT } from "./paths.mjs";

/**
 * Runs a program to its end, quietly; resolves with its exit code and all that it wrote.
 * @param {string} program @param {readonly string[]} words @param {{ env?: Record<string, string>, timeoutMs?: number, inherit?: boolean }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(program, words, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd: ROOT,
      env: { ...process.env, ...QUIET_ENVIRONMENT, ...options.env },
      stdio: options.inherit ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
      timeout: options.timeoutMs ?? 1_200_000,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => {
        output = (output + text).slice(-200_000);
      });
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The end of a program's output, for an error. @param {string} output */
export function tail(output, lines = 30) {
  return output.trimEnd().split("\n").slice(-lines).join("\n");
}
