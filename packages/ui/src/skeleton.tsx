/** A grey bar where text will be; it says nothing to a screen reader. */
export function Skeleton({ className = "" }: { className?: string }) {
  return <span aria-hidden="true" className={`block h-4 animate-breathe rounded bg-quiet-soft ${className}`} />;
}
