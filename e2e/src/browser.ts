import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page, Response } from "playwright-core";
import * as z from "zod";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** What axe is asked to look at: every rule of these kinds, or the rules that a change of colours alone may break. */
const RULES = {
  everything: { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
  colours: { runOnly: ["color-contrast", "link-in-text-block"] },
} as const;
const axeResult = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

/** What axe finds wrong with a page, each as its rule and the elements that break it. */
export async function findViolations(page: Page, rules: keyof typeof RULES = "everything"): Promise<string[]> {
  await page.evaluate(`typeof axe === "undefined" && (() => { ${AXE} })()`);
  const result = axeResult.parse(await page.evaluate(`axe.run(document, ${JSON.stringify(RULES[rules])})`));
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
