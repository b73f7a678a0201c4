import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page, Response } from "playwright-core";
import * as z from "zod";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const axeResult = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

/** What axe finds wrong with a page, each as its rule and the elements that break it. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const result = axeResult.parse(await page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(RULES)} })`));
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** How far a page can be scrolled sideways, in pixels; 0 when everything fits. */
export async function sidewaysOverflow(page: Page): Promise<number> {
  const found = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  return z.number().parse(found);
}

/**
 * Reloads a page and reads every script that it asks for until it is `ready`, from its cache or not. What comes later, such
 * as another page fetched ahead, is left out.
 */
export async function readScripts(page: Page, ready: () => Promise<void>): Promise<string[]> {
  const urls = new Set<string>();
  const listen = (response: Response) => {
    const type = response.request().resourceType();
    // What the page before the reload still asked for is not of this one.
    if (type === "document") urls.clear();
    if (type === "script") urls.add(response.url());
  };
  page.on("response", listen);
  await page.reload();
  await ready();
  page.off("response", listen);
  return Promise.all([...urls].map(async (url) => (await fetch(url)).text()));
}
