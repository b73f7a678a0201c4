import type { ReactNode } from "react";

export type IconName =
  | "check"
  | "clock"
  | "cross"
  | "question"
  | "warning"
  | "turning"
  | "square"
  | "moon"
  | "sun"
  | "screen"
  | "flow"
  | "flow-part"
  | "flow-none"
  | "trash"
  | "copy"
  | "search"
  | "lock"
  | "globe"
  | "plug"
  | "layers"
  | "servers"
  | "pulse"
  | "person"
  | "menu"
  | "narrow"
  | "widen"
  | "keyboard"
  | "pause"
  | "up"
  | "down"
  | "box"
  | "upload"
  | "chevron"
  | "columns"
  | "bookmark"
  | "tag"
  | "play"
  | "plus"
  | "pencil";

/** Line drawings on a 16 by 16 grid. */
const SHAPES: { readonly [Name in IconName]: ReactNode } = {
  check: <path d="M3 8.5l3.2 3.2L13 4.8" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M8 4.8V8l2.2 1.6" />
    </>
  ),
  cross: <path d="M4 4l8 8M12 4l-8 8" />,
  question: (
    <>
      <path d="M5.6 6a2.4 2.4 0 1 1 3.4 2.2c-.7.3-1 .8-1 1.6" />
      <path d="M8 12.4v.1" />
    </>
  ),
  warning: (
    <>
      <path d="M8 2.4L14.2 13H1.8z" />
      <path d="M8 6.6v2.8M8 11.3v.1" />
    </>
  ),
  turning: <path d="M13.4 8A5.4 5.4 0 1 1 8 2.6" />,
  square: <rect x="3.8" y="3.8" width="8.4" height="8.4" rx="1" />,
  moon: <path d="M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M12.7 3.3l-1 1M4.3 11.7l-1 1" />
    </>
  ),
  screen: (
    <>
      <rect x="1.8" y="2.8" width="12.4" height="8.4" rx="1" />
      <path d="M5.6 13.6h4.8" />
    </>
  ),
  flow: <path d="M2 5h11M10 2.4L13 5l-3 2.6M2 11h11M10 8.4l3 2.6-3 2.6" />,
  "flow-part": <path d="M2 8h11M10 5.2L13 8l-3 2.8" />,
  "flow-none": <path d="M3.6 8h8.8" />,
  trash: <path d="M2.6 4.2h10.8M6 4V2.4h4V4M4.2 4.4l.6 9.2h6.4l.6-9.2" />,
  copy: (
    <>
      <rect x="5.4" y="5.4" width="8" height="8" rx="1" />
      <path d="M10.6 5.2V2.6h-8v8h2.6" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.4" />
      <path d="M10.4 10.4l3.4 3.4" />
    </>
  ),
  lock: (
    <>
      <rect x="3.4" y="7" width="9.2" height="6.6" rx="1" />
      <path d="M5.4 7V5a2.6 2.6 0 0 1 5.2 0v2" />
    </>
  ),
  globe: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M2.2 8h11.6M8 2.2c2 2 2.6 3.8 2.6 5.8S10 11.8 8 13.8C6 11.8 5.4 10 5.4 8S6 4.2 8 2.2z" />
    </>
  ),
  layers: <path d="M8 2L14 5 8 8 2 5zM2.6 8L8 10.8 13.4 8M2.6 11L8 13.8 13.4 11" />,
  servers: (
    <>
      <rect x="2.4" y="2.6" width="11.2" height="4.4" rx="1" />
      <rect x="2.4" y="9" width="11.2" height="4.4" rx="1" />
      <path d="M5 4.8v.1M5 11.2v.1" />
    </>
  ),
  pulse: <path d="M1.8 8.4h3l2-5 3 9 1.9-4h2.5" />,
  person: (
    <>
      <circle cx="8" cy="5.2" r="2.6" />
      <path d="M2.8 13.6a5.2 5.2 0 0 1 10.4 0" />
    </>
  ),
  menu: <path d="M2.4 4h11.2M2.4 8h11.2M2.4 12h11.2" />,
  narrow: <path d="M3 2.6v10.8M13 8H6.4M9 5.2L6.2 8 9 10.8" />,
  widen: <path d="M13 2.6v10.8M3 8h6.6M7 5.2L9.8 8 7 10.8" />,
  keyboard: (
    <>
      <rect x="1.6" y="3.8" width="12.8" height="8.4" rx="1" />
      <path d="M4.4 6.6v.1M7 6.6v.1M9.6 6.6v.1M12 6.6v.1M5 9.6h6" />
    </>
  ),
  pause: <path d="M5.4 3.4v9.2M10.6 3.4v9.2" />,
  up: <path d="M8 13V3.4M3.8 7.4L8 3.2l4.2 4.2" />,
  down: <path d="M8 3v9.6M3.8 8.6L8 12.8l4.2-4.2" />,
  box: <path d="M8 1.8l5.4 3v6.4L8 14.2l-5.4-3V4.8zM2.8 5L8 7.9 13.2 5M8 7.9v6" />,
  upload: <path d="M8 10.6V2.8M4.8 5.8L8 2.6l3.2 3.2M2.6 10.4v2.4c0 .4.3.7.7.7h9.4c.4 0 .7-.3.7-.7v-2.4" />,
  plug: <path d="M5.6 2v3.4M10.4 2v3.4M3.8 5.4h8.4v1.8a4.2 4.2 0 0 1-8.4 0zM8 11.4V14" />,
  chevron: <path d="M4 6.2l4 4 4-4" />,
  columns: <path d="M2.4 3.2h11.2v9.6H2.4zM6.2 3.2v9.6M9.8 3.2v9.6" />,
  bookmark: <path d="M4.2 2.6h7.6v11L8 10.8l-3.8 2.8z" />,
  tag: <path d="M2.6 2.6h5l5.8 5.8-5 5-5.8-5.8zM5.6 5.6v.1" />,
  play: <path d="M5 3.2l7.4 4.8L5 12.8z" />,
  plus: <path d="M8 3.2v9.6M3.2 8h9.6" />,
  pencil: <path d="M3 13l.7-2.9 7.1-7.1a1 1 0 0 1 1.4 0l.8.8a1 1 0 0 1 0 1.4l-7.1 7.1z" />,
};

/** A drawing beside a word; never the only carrier of a meaning, so it is hidden from screen readers. */
export function Icon({ name, className = "" }: { name: IconName; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`size-4 shrink-0 ${className}`}
    >
      {SHAPES[name]}
    </svg>
  );
}
