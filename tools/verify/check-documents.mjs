import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findFiles } from "../lib/files.mjs";

const TOP_LEVEL = /^(apps|packages|tools|prisma|proto|e2e|examples|bench|docs|\.ci)\//;

/** @param {string} text a document without its fenced code */
function pathsIn(text) {
  const spans = [...text.matchAll(/`([^`\s]+)`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => TOP_LEVEL.test(path) || path.startsWith("src/"));
  const links = [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map(([, path = ""]) => path)
    .filter((path) => !path.includes(":"));
  return [...spans, ...links].filter((path) => !/[*<>{}$]|\.\.\./.test(path));
}

/** Paths in documents that name nothing. @param {string} root @returns {string[]} */
export function checkDocuments(root) {
  const documents = findFiles(root, /^([^/]+\.md|docs\/.*\.md|(.+\/)?README\.md)$/);
  return documents.flatMap((document) => {
    const text = readFileSync(join(root, document), "utf8").replace(/^```[\s\S]*?^```/gm, "");
    return pathsIn(text)
      .map((path) => path.replace(/[,.:]$/, "").replace(/:\d+$/, ""))
      .filter((path) => !existsSync(join(root, path)) && !existsSync(join(root, dirname(document), path)))
      .map((path) => `${document} names ${path}, which does not exist`);
  });
}
