import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { findFiles } from "../lib/files.mjs";

/** Written in pieces, so that this file does not find itself. */
const FOREIGN = [
  {
    what: "a package registry's host",
    pattern: new RegExp(
      ["registry[.](npmjs|yarnpkg)", "files[.]pythonhosted", "//pypi[.]org", "repo[.]maven", "proxy[.]golang"].join(
        "|",
      ),
    ),
  },
  {
    what: "a path of one machine",
    pattern: new RegExp(["(^|[^\\w./~-])/(root", "work", "home/[a-z]+)/[\\w.]"].join("|"), "m"),
  },
];
const TEXT =
  /\.(ts|tsx|mts|mjs|js|cjs|json|md|yaml|yml|css|html|sh|py|proto|prisma|sql|toml|txt|npmrc|gitignore)$|\/run$/;

/** Files of the repository: committed, and new ones that are not ignored. @param {string} root */
function repositoryFiles(root) {
  const output = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  return output.split("\0").filter((file) => file !== "" && TEXT.test(file));
}

/** Names of hosts and folders that mean nothing elsewhere. @param {string} root @returns {string[]} */
export function checkForeignNames(root) {
  return repositoryFiles(root).flatMap((file) => {
    const stat = statSync(join(root, file), { throwIfNoEntry: false });
    if (stat === undefined || stat.size > 2_000_000) return [];
    const text = readFileSync(join(root, file), "utf8");
    return FOREIGN.filter(({ pattern }) => pattern.test(text)).map(({ what }) => `${file} holds ${what}`);
  });
}

const FIELDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/** @param {string} root */
function manifests(root) {
  return findFiles(root, /^((packages|apps)\/[^/]+\/|bench\/|e2e\/)?package\.json$/).map((file) => ({
    file,
    workspace: file === "package.json" ? "" : file.slice(0, -"/package.json".length),
    manifest: JSON.parse(readFileSync(join(root, file), "utf8")),
  }));
}

/** Versions that would let two installs differ. @param {string} root @returns {string[]} */
export function checkExactVersions(root) {
  return manifests(root).flatMap(({ file, manifest }) =>
    FIELDS.flatMap((field) =>
      Object.entries(manifest[field] ?? {})
        .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.-]+)?$/.test(String(version)))
        .map(([name, version]) => `${file} asks for ${name} ${version}, which is not one exact version`),
    ),
  );
}

/** Where the lockfile is not what the package.json files ask for. @param {string} root @returns {string[]} */
export function checkLockfile(root) {
  const lockfile = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const problems = manifests(root).flatMap(({ file, workspace, manifest }) =>
    FIELDS.filter((field) => !isSame(manifest[field] ?? {}, lockfile.packages[workspace]?.[field] ?? {})).map(
      (field) => `package-lock.json does not match ${field} of ${file}; run npm install`,
    ),
  );
  const hosts = Object.entries(lockfile.packages).filter(([, { resolved = "" }]) => /^https?:/.test(resolved));
  return [...problems, ...hosts.map(([path]) => `package-lock.json names a host for ${path}`)];
}

/** @param {Record<string, string>} a @param {Record<string, string>} b */
function isSame(a, b) {
  return (
    Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, version]) => b[name] === version)
  );
}
