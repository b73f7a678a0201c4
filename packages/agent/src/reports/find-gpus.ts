import { execFile } from "node:child_process";

/** A GPU of this machine. */
export type Gpu = { name: string; memoryBytes: number };

const QUERY = ["--query-gpu=name,memory.total", "--format=csv,noheader,nounits"];
/** A driver that hangs must not keep a replica from joining. */
const ANSWER_WITHIN_MS = 5_000;
const MI = 2 ** 20;

/** The GPUs that the driver's own tool tells of; none where there is no such tool, or it does not answer. */
export function findGpus(program = "nvidia-smi"): Promise<Gpu[]> {
  return new Promise((resolve) => {
    execFile(program, QUERY, { timeout: ANSWER_WITHIN_MS, maxBuffer: 64 * 1024 }, (error, stdout) =>
      resolve(error === null ? readGpus(stdout) : []),
    );
  });
}

/** Reads lines such as `NVIDIA H200, 143771`, the memory in MiB. A line that is none is left out. */
export function readGpus(text: string): Gpu[] {
  return text.split("\n").flatMap((line) => {
    const [, name = "", mebibytes] = /^(.+), *(\d{1,9})\s*$/.exec(line.trim()) ?? [];
    return mebibytes === undefined ? [] : [{ name: name.trim(), memoryBytes: Number(mebibytes) * MI }];
  });
}
