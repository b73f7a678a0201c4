import Link from "next/link";

/** The name of the house, which leads to the list. */
export function Brand({ isWordHidden = false }: { isWordHidden?: boolean }) {
  return (
    <Link
      href="/deployments"
      className="flex min-h-8 items-center gap-2 rounded px-1 font-semibold text-lg tracking-tight"
    >
      <Mark />
      <span className={isWordHidden ? "sr-only" : ""}>Slipway</span>
    </Link>
  );
}

/** A hull on its way down a ramp. */
function Mark() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      className="size-6 shrink-0 text-accent"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M4 8.5l15-3.5-2.4 6.4L6.8 13.8z" fill="currentColor" fillOpacity="0.2" />
      <path d="M2.5 19.5l19-5" />
    </svg>
  );
}
