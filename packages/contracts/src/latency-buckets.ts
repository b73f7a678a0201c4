/** Each bucket ends 10 % above the one before, so its middle is at most 5 % away from every latency in it. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);
/** The first bucket holds all up to here; faster answers count as this fast. */
const FIRST_MS = 0.1;
/** The last bucket begins at about 12 minutes and holds all above. */
export const LATENCY_BUCKETS = 168;

/** The bucket of a latency. Bucket 0 ends at 0.1 ms, bucket n at 0.1 ms × 1.1ⁿ. */
export function latencyBucket(ms: number): number {
  if (!(ms > FIRST_MS)) return 0;
  // The subtraction keeps a bucket's own end in it, whatever the logarithm rounds to.
  const bucket = Math.ceil(Math.log(ms / FIRST_MS) / LOG_GROWTH - 1e-9);
  return bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1;
}

/** What stands for every latency of a bucket, in milliseconds: off by at most 5 % from 0.1 ms to 12 minutes. */
export function latencyOfBucket(bucket: number): number {
  if (bucket <= 0) return FIRST_MS;
  return (FIRST_MS * GROWTH ** bucket * 2) / (GROWTH + 1);
}

/** Counts by bucket, without those that are 0. */
export type LatencyCounts = ReadonlyMap<number, number>;

/** The latency that `share` (0 to 1) of the requests did not exceed, in milliseconds; null when there were none. */
export function latencyPercentile(counts: LatencyCounts, share: number): number | null {
  let total = 0;
  for (const count of counts.values()) total += count;
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(share * total));
  let seen = 0;
  let last = 0;
  for (const bucket of [...counts.keys()].sort((a, b) => a - b)) {
    seen += counts.get(bucket) ?? 0;
    last = bucket;
    if (seen >= rank) break;
  }
  return latencyOfBucket(last);
}
