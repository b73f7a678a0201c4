// npm run bench -- NAME [...]: runs bench/src/NAME.ts, or a part in bench/src/console, on Node 24. Without a name, says which there are.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "bench", "src");
const files = new Map(
  [folder, join(folder, "console")].flatMap((place) =>
    readdirSync(place)
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => [file.slice(0, -3), join(place, file)]),
  ),
);
const [name, ...rest] = process.argv.slice(2);
const node = join(root, "node_modules", ".bin", "node");

if (name === undefined || !files.has(name)) {
  console.error(`Usage: npm run bench -- NAME\nBenches: ${[...files.keys()].join(", ")}`);
  process.exit(2);
}
if (!existsSync(node)) {
  console.error("The dependencies are not installed yet. Run: npm install");
  process.exit(1);
}
const child = spawn(node, [files.get(name), ...rest], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
