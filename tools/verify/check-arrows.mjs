import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { findFiles } from "../lib/files.mjs";

const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s[^"'`;]*?from\s*["']([^"']+)["']|(?:^|[\s;}(])import\s*\(?\s*["']([^"']+)["']/gm;
/** Tests, suites that several tests share, and what only tests use. */
const IS_TEST = /\.test\.(ts|tsx|mjs)$|[/-]contract\.ts$|\/testing\/|^packages\/testkit\/|^(e2e|bench)\//;

/** @typedef {{ key: string, folder: string, dependencies: Record<string, string>, devDependencies: Record<string, string> }} Workspace */

/** @param {string} root @returns {Workspace[]} */
function workspaces(root) {
  return findFiles(root, /^((packages|apps)\/[^/]+|bench|e2e)\/package\.json$/)
    .map((file) => file.slice(0, -"/package.json".length))
    .map((folder) => {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(
        readFileSync(join(root, folder, "package.json"), "utf8"),
      );
      return { key: folder.replace(/^packages\//, ""), folder, dependencies, devDependencies };
    });
}

/** What a file imports. @param {string} text @returns {string[]} */
export function importsOf(text) {
  return [...text.matchAll(IMPORT)].flatMap((match) => match[1] ?? match[2] ?? []);
}

/** @param {string} specifier */
function packageOf(specifier) {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** @param {string} specifier */
function isBuiltin(specifier) {
  return specifier.startsWith("node:") || builtinModules.includes(specifier) || specifier.startsWith("cloudflare:");
}

/** @param {Workspace} workspace @param {string} root */
function filesOf({ folder }, root) {
  return findFiles(root, /\.(ts|tsx|mts|mjs)$/, folder);
}

/**
 * One file against the table and its own package.json. A test may use whatever its workspace reaches, and the tools of tests.
 * @param {{ root: string, file: string, workspace: Workspace, arrows: Record<string, readonly string[]>, tools: Record<string, string>, dependencies: Record<string, Record<string, string>> }} context
 * @returns {string[]}
 */
function checkFile({ root, file, workspace, arrows, tools, dependencies }) {
  const isTest = IS_TEST.test(file);
  const mayUse = isTest ? reach(arrows, workspace.key).add("testkit") : new Set(arrows[workspace.key]);
  return importsOf(readFileSync(join(root, file), "utf8")).flatMap((specifier) => {
    if (specifier.startsWith(".")) {
      const target = relative(join(root, workspace.folder), join(root, dirname(file), specifier));
      return target.startsWith("..") ? [`${file} reaches into another workspace: ${specifier}`] : [];
    }
    if (isBuiltin(specifier) || specifier.startsWith("@/")) return [];
    const name = packageOf(specifier);
    if (name.startsWith("@slipway/")) {
      const to = name.slice("@slipway/".length);
      if (to !== workspace.key && !mayUse.has(to)) return [`${file} must not import ${name}`];
      if (to === workspace.key || isTest) return [];
    }
    const isDeclared = name in workspace.dependencies || ((isTest || file.endsWith(".config.ts")) && name in tools);
    if (!isDeclared && isTest && [...mayUse].some((reached) => name in (dependencies[reached] ?? {}))) return [];
    return isDeclared ? [] : [`${file} imports ${name}, which ${workspace.folder}/package.json does not list`];
  });
}

/** Everything that a workspace may reach along the table. @param {Record<string, readonly string[]>} arrows @param {string} from @returns {Set<string>} */
function reach(arrows, from) {
  const reached = new Set(arrows[from] ?? []);
  for (const next of reached) for (const further of arrows[next] ?? []) reached.add(further);
  return reached;
}

/**
 * Imports that the architecture does not allow, imports that are not declared, and faults of the table itself.
 * @param {string} root @param {Record<string, readonly string[]>} arrows @param {Record<string, readonly string[]>} never
 * @returns {string[]}
 */
export function checkArrows(root, arrows, never) {
  const { devDependencies = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const problems = [];
  for (const from of Object.keys(arrows)) {
    if (reach(arrows, from).has(from)) problems.push(`the table has a cycle through ${from}`);
  }
  for (const [to, those] of Object.entries(never)) {
    for (const from of those) if (reach(arrows, from).has(to)) problems.push(`the table lets ${from} reach ${to}`);
  }
  const all = workspaces(root);
  const dependencies = Object.fromEntries(all.map((workspace) => [workspace.key, workspace.dependencies]));
  for (const workspace of all) {
    const allowed = arrows[workspace.key];
    if (allowed === undefined) {
      problems.push(`${workspace.folder} is not in the table of arrows`);
      continue;
    }
    for (const name of Object.keys(workspace.dependencies)) {
      const to = name.startsWith("@slipway/") ? name.slice("@slipway/".length) : null;
      if (to !== null && !allowed.includes(to)) problems.push(`${workspace.folder}/package.json must not list ${name}`);
    }
    const tools = { ...devDependencies, ...workspace.devDependencies };
    for (const file of filesOf(workspace, root))
      problems.push(...checkFile({ root, file, workspace, arrows, tools, dependencies }));
  }
  return [...new Set(problems)];
}
