import { access, constants, readFile, stat, statfs } from "node:fs/promises";
import { arch, cpus, freemem, platform, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { formatMemory } from "@slipway/contracts";
import { isPortFree } from "@slipway/service-kit/free-port";
import { CHECKOUT, type CliConfig } from "../config.ts";
import type { Finding } from "./finding.ts";

const NODE_MAJOR = 24;
const DISK_LOW_BYTES = 2 * 2 ** 30;
const DISK_TOO_LOW_BYTES = 300 * 2 ** 20;
const MEMORY_LOW_BYTES = 2 ** 30;

/** Node, Slipway and the system, by version. */
export async function checkVersions(): Promise<Finding[]> {
  const version = await slipwayVersion();
  const isRightNode = Number(process.versions.node.split(".")[0]) >= NODE_MAJOR;
  return [
    { state: "well", about: "Slipway", words: `version ${version} in ${CHECKOUT}` },
    {
      state: isRightNode ? "well" : "ill",
      about: "Node",
      words: `version ${process.versions.node}`,
      ...(isRightNode ? {} : { advice: `Slipway needs ${NODE_MAJOR}; it comes with its packages: npm install` }),
    },
    platform() === "linux"
      ? { state: "well", about: "System", words: `Linux ${release()} on ${arch()}, ${cpus().length} cores` }
      : {
          state: "warning",
          about: "System",
          words: `${platform()} ${release()} on ${arch()}`,
          advice: "Slipway is proven on Linux only.",
        },
  ];
}

/** What is free on the disk of the data directory and in memory. */
export async function checkRoom({ dataDir }: CliConfig): Promise<Finding[]> {
  const folder = await existingParent(dataDir);
  const disk = await statfs(folder);
  const diskBytes = disk.bavail * disk.bsize;
  const memoryBytes = await availableMemory();
  return [
    diskFinding(diskBytes, folder),
    {
      state: memoryBytes < MEMORY_LOW_BYTES ? "warning" : "well",
      about: "Memory",
      words: `${formatMemory(memoryBytes)} of ${formatMemory(totalmem())} available`,
      ...(memoryBytes < MEMORY_LOW_BYTES
        ? { advice: "The platform itself takes up to 900 MB; end other programs." }
        : {}),
    },
    await writable(folder),
  ];
}

function diskFinding(freeBytes: number, folder: string): Finding {
  const words = `${formatMemory(freeBytes)} free in ${folder}`;
  const advice = "Models and the database need room; make some, or set SLIPWAY_DATA_DIR to another disk.";
  if (freeBytes < DISK_TOO_LOW_BYTES) return { state: "ill", about: "Disk", words, advice };
  if (freeBytes < DISK_LOW_BYTES) return { state: "warning", about: "Disk", words, advice };
  return { state: "well", about: "Disk", words };
}

async function writable(folder: string): Promise<Finding> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return { state: "well", about: "Data directory", words: `${folder} can be written` };
  } catch {
    return {
      state: "ill",
      about: "Data directory",
      words: `${folder} cannot be written`,
      advice: "Set SLIPWAY_DATA_DIR to a folder of yours.",
    };
  }
}

/** Whether the ports that a start wishes for are free; one that the platform itself uses counts as well. */
export async function checkPorts(config: CliConfig, ownPorts: ReadonlySet<number>): Promise<Finding[]> {
  return Promise.all(
    config.ports
      .filter(({ port }) => port !== 0)
      .map(async ({ purpose, port, env }): Promise<Finding> => {
        const about = `Port ${port}`;
        if (ownPorts.has(port)) return { state: "well", about, words: `${purpose}: used by this platform` };
        if (await isPortFree(port)) return { state: "well", about, words: `${purpose}: free` };
        return {
          state: "warning",
          about,
          words: `${purpose}: taken by another program`,
          advice: `A start takes a free one instead; choose one with ${env}.`,
        };
      }),
  );
}

async function slipwayVersion(): Promise<string> {
  const text = await readFile(join(CHECKOUT, "package.json"), "utf8");
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? "unknown";
}

/** What programs may still take, caches counted as free; Linux alone knows it exactly. */
async function availableMemory(): Promise<number> {
  const text = await readFile("/proc/meminfo", "utf8").catch(() => "");
  const kibibytes = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
  return kibibytes === undefined ? freemem() : Number(kibibytes) * 1024;
}

async function existingParent(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((await stat(folder).catch(() => null)) !== null || folder === dirname(folder)) return folder;
  }
}
