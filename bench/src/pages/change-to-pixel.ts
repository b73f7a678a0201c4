import type { Db } from "@slipway/db";
import { writeTestStatus } from "@slipway/testkit";
import type { Page } from "playwright-core";

/** How long after each of `changes` of a status the open page shows it, in milliseconds; commit and drawing included. */
export async function changeToPixel(page: Page, db: Db, changes: number): Promise<number[]> {
  const { rows } = await db.pool.query<{ uid: string; name: string }>(
    `SELECT uid, name FROM resource WHERE kind = 'Deployment' ORDER BY "group", name LIMIT $1`,
    [changes],
  );
  const samples: number[] = [];
  for (const [index, { uid, name }] of rows.entries()) {
    const ready = 2 + index;
    const seen = page.locator(`tr[data-name="${name}"]`).getByText(`${ready}/${ready} ready`).waitFor();
    const startedMs = performance.now();
    await writeTestStatus(db, uid, {
      lifecycle: "Live",
      health: "Healthy",
      traffic: "Serving",
      observedGeneration: 1,
      servingGeneration: 1,
      replicas: { ready, starting: 0, wanted: ready },
    });
    await seen;
    samples.push(performance.now() - startedMs);
  }
  return samples;
}
