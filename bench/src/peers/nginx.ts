import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts, type Peer, runToEnd, startPeer } from "./peer.ts";

/** nginx as a plain proxy, one worker, connections to the upstream kept; says why where it is not installed. */
export async function startNginx(upstreamPort: number, cores: string): Promise<Peer | { missing: string }> {
  const version = await runToEnd(["nginx", "-v"]).catch(() => null);
  if (version === null) return { missing: "nginx is not on PATH (Debian package nginx)" };
  const folder = mkdtempSync(join(tmpdir(), "slipway-nginx-"));
  const [port = 0] = await freePorts(1);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const config = `daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log warn;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 100000000; ${paths.join(" ")}
  upstream models { server 127.0.0.1:${upstreamPort}; keepalive 256; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://models; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`;
  writeFileSync(join(folder, "nginx.conf"), config);
  const url = `http://127.0.0.1:${port}`;
  return startPeer({
    name: "nginx",
    command: ["nginx", "-p", folder, "-c", join(folder, "nginx.conf"), "-e", join(folder, "error.log")],
    url,
    cores,
    ready: async () => (await fetch(url)).ok,
    cleanUp: () => rmSync(folder, { recursive: true, force: true }),
  });
}
