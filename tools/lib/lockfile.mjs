import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.mjs";

const FILE = join(ROOT, "package-lock.json");

/** @typedef {{ version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string> }} Locked */

/** @returns {{ packages: Record<string, Locked> }} */
function readLockfile() {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

/** @param {Record<string, Locked>} packages @param {string} from @param {string} name */
function isLocked(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    if (`${folder}${folder === "" ? "" : "/"}node_modules/${name}` in packages) return true;
    if (folder === "") return false;
  }
}

/**
 * Packages for other systems that the lockfile leaves out. npm leaves them out when a mirror lacks them, and then refuses
 * its own lockfile at `npm ci`.
 */
export function missingFromLockfile() {
  const { packages } = readLockfile();
  return Object.entries(packages).flatMap(([from, { dev, optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isLocked(packages, from, name))
      .map(([name, version]) => ({ name, version, dev })),
  );
}

const SYSTEMS = {
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  openharmony: "openharmony",
  win32: "win32",
  windows: "win32",
};
const PROCESSORS = {
  wasm32: "wasm32",
  arm64: "arm64",
  aarch64: "arm64",
  arm: "arm",
  armv7: "arm",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  ia32: "ia32",
  x64: "x64",
  64: "x64",
};

/** For which system a package is, by the words of its name. @param {string} name @returns {Locked} */
function systemOf(name) {
  const words = name.split(/[-/]/);
  const os = Object.entries(SYSTEMS).find(([word]) => words.includes(word))?.[1];
  const cpu = Object.entries(PROCESSORS).find(([word]) => words.includes(word))?.[1];
  if (cpu === undefined)
    throw new Error(`${name} does not say for which processor it is; add it to package-lock.json by hand`);
  const libc = words.some((word) => word.startsWith("musl")) ? { libc: ["musl"] } : {};
  return { cpu: [cpu], ...libc, ...(os === undefined ? {} : { os: [os] }) };
}

/** Adds what is missing: name, version and system, which is all that npm needs to pass it over. Returns how many it added. */
export function completeLockfile() {
  const lockfile = readLockfile();
  const missing = missingFromLockfile();
  for (const { name, version, dev } of missing) {
    lockfile.packages[`node_modules/${name}`] = {
      version,
      ...(dev === undefined ? {} : { dev }),
      optional: true,
      ...systemOf(name),
    };
  }
  lockfile.packages = Object.fromEntries(
    Object.entries(lockfile.packages).toSorted(([a], [b]) => a.localeCompare(b, "en")),
  );
  if (missing.length > 0) writeFileSync(FILE, `${JSON.stringify(lockfile, null, 2)}\n`);
  return missing.length;
}
