import { createServer } from "node:http";
import { identify, removeProcessRecord, writeProcessRecord } from "@slipway/service-kit";

// A process of a platform that does nothing but be there: writes its record, answers /health/ready, ends on SIGTERM unless
// it is told to be stubborn, and dies at once when it is told to.
// biome-ignore lint/style/noProcessEnv: a program that stands in for another one
const { SLIPWAY_PROCESS_NAME: name = "stub", SLIPWAY_PROCESS_RECORD_DIR: directory = "", STUB = "" } = process.env;
if (STUB === "dies") {
  process.stderr.write("no disk in the drive\n");
  process.exit(3);
}
const server = createServer((_request, response) => response.writeHead(200).end("{}"));
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
