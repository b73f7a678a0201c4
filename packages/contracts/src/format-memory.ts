const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;

/** Bytes in words, binary units, at most one decimal: `1.2 GiB`. This file stays free of schemas, so that pages may import it. */
export function formatMemory(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${UNITS[power]}`;
}
