/** An alias, with the version that it stands for where that is not said beside it. */
export function AliasTag({ alias, version }: { alias: string; version?: number }) {
  return (
    <span className="wrap-anywhere inline-block rounded-md bg-quiet-soft px-2 py-0.5 text-quiet text-sm">
      {alias}
      {version === undefined ? null : <span className="tabular-nums"> v{version}</span>}
    </span>
  );
}
