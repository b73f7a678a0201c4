import { spawn } from "node:child_process";
import { QUIET_ENVIRONMENT, ROOT } from "./paths.mjs";

/**
 * Runs a program at the terminal of whoever started this one, and gives its exit code. A Ctrl-C reaches it too.
 * @param {string} program @param {readonly string[]} args @param {Record<string, string>} env @returns {Promise<number>}
 */
export function runToEnd(program, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...QUIET_ENVIRONMENT, ...env },
    });
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
