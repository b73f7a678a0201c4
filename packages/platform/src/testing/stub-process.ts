import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { identify, PORT_TAKEN, removeProcessRecord, writeProcessRecord } from "@slipway/service-kit";

// A process of a platform that does nothing but be there: writes its record, answers /health/ready, ends on SIGTERM unless
// it is told to be stubborn, and dies at once when it is told to. Says that it finds its port taken for as long as a file is there.
// biome-ignore lint/style/noProcessEnv: a program that stands in for another one
const { SLIPWAY_PROCESS_NAME: name = "stub", SLIPWAY_PROCESS_RECORD_DIR: directory = "", STUB = "" } = process.env;
if (STUB === "dies") {
  process.stderr.write("no disk in the drive\n");
  process.exit(3);
}
if (STUB.startsWith("taken-while:") && existsSync(STUB.slice("taken-while:".length))) process.exit(PORT_TAKEN);
let asks = 0;
const server = createServer((request, response) => {
  if (request.url === "/health/live") asks += 1;
  // Who asks a second time has got the first answer.
  if (asks === 2) writeFileSync(join(directory, `${name}.asked`), "");
  response.writeHead(200).end("{}");
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const self = identify();
  if (self === null || address === null || typeof address === "string") throw new Error("no address");
  if (STUB === "no-record") return;
  writeProcessRecord(directory, { ...self, name, addresses: { health: `http://127.0.0.1:${address.port}` } });
});
process.on("SIGTERM", () => {
  if (STUB === "stubborn") return;
  removeProcessRecord(directory, name);
  process.exit(0);
});
