import { gzipSync } from "node:zlib";
import type { Page, Response } from "playwright-core";

export type Weight = {
  /** Scripts that a page asks for before anybody does anything, compressed. */
  routeBytes: number;
  /** Of them, those that every route asks for. */
  urls: ReadonlySet<string>;
};

const sizes = new Map<string, Promise<number>>();

/** What one page asks for until it is ready, whatever its cache holds. */
export async function weighRoute(page: Page, url: string, ready: (page: Page) => Promise<unknown>): Promise<Weight> {
  const urls = await scriptsDuring(page, async () => {
    await page.goto(url);
    await ready(page);
  });
  return { routeBytes: await weigh(urls), urls };
}

/** The scripts that come with doing something, and were not there before; compressed. */
export async function weighLater(
  page: Page,
  have: ReadonlySet<string>,
  doing: () => Promise<unknown>,
): Promise<number> {
  const urls = await scriptsDuring(page, doing);
  return weigh(new Set([...urls].filter((url) => !have.has(url))));
}

/** Compressed bytes of scripts, each fetched once. */
export async function weigh(urls: ReadonlySet<string>): Promise<number> {
  const each = await Promise.all([...urls].map((url) => sizeOf(url)));
  return each.reduce((sum, size) => sum + size, 0);
}

async function scriptsDuring(page: Page, doing: () => Promise<unknown>): Promise<Set<string>> {
  const urls = new Set<string>();
  const listen = (response: Response) => {
    if (response.request().resourceType() === "script") urls.add(response.url());
  };
  page.on("response", listen);
  await doing();
  page.off("response", listen);
  return urls;
}

function sizeOf(url: string): Promise<number> {
  const known = sizes.get(url);
  if (known !== undefined) return known;
  const size = fetch(url).then(async (response) => gzipSync(await response.text()).length);
  sizes.set(url, size);
  return size;
}
