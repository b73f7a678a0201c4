import type { LogLevel, LogLine } from "@slipway/contracts";
import { CopyButton } from "@slipway/ui/copy-button";
import { exactTime, type TimeZone, timeParts } from "@slipway/ui/format-time";
import { Icon, type IconName } from "@slipway/ui/icon";
import { memo } from "react";
import { markText } from "./highlight.ts";
import { LEVEL_WORDS } from "./log-choice.ts";
import { readLine } from "./read-line.ts";

/** Fields that say the same of nearly every line that is shown; an opened line has them too. */
const QUIET_FIELDS: ReadonlySet<string> = new Set(["model", "modelUid", "version", "scope", "event"]);

const LEVEL_LOOKS: { readonly [Level in LogLevel]: { icon: IconName | null; colour: string } } = {
  debug: { icon: null, colour: "text-ink-soft" },
  info: { icon: null, colour: "text-ink-soft" },
  warn: { icon: "warning", colour: "text-warn" },
  error: { icon: "cross", colour: "text-bad" },
};

type Props = {
  line: LogLine;
  zone: TimeZone;
  marker: RegExp | null;
  isWrapped: boolean;
  /** Whether any line has a request id, so that there is a column of them. */
  hasRequestIds: boolean;
  isOpen: boolean;
  isCurrent: boolean;
  /** These get the line's id, and stay the same from one drawing of the list to the next. */
  onToggle: (id: string) => void;
  onFocus: (id: string) => void;
  linkOf: (id: string) => string;
};

/**
 * One line: when, how severe, which replica, what; opened, everything that it carries. Drawn anew only when it is another,
 * since a list that is scrolled draws itself at every frame.
 */
export const LogRow = memo(function LogRow({
  hasRequestIds,
  line,
  zone,
  marker,
  isWrapped,
  isOpen,
  isCurrent,
  onToggle,
  onFocus,
  linkOf,
}: Props) {
  const { message, fields } = readLine(line);
  const look = line.level === null ? null : LEVEL_LOOKS[line.level];
  const room = isWrapped ? "wrap-anywhere whitespace-pre-wrap" : "whitespace-pre";
  return (
    <div
      className={isCurrent ? "border-accent border-l-4 bg-busy-soft" : "border-transparent border-l-4 hover:bg-hover"}
    >
      <button
        type="button"
        data-line={line.id}
        tabIndex={isCurrent ? 0 : -1}
        aria-expanded={isOpen}
        onClick={() => onToggle(line.id)}
        onFocus={() => onFocus(line.id)}
        className={`flex min-h-8 cursor-pointer gap-x-3 px-2 py-1.5 text-left font-mono text-xs leading-5 ${isWrapped ? "w-full flex-wrap sm:flex-nowrap" : "w-max min-w-full"}`}
      >
        <span className="shrink-0 text-ink-soft tabular-nums">{timeOf(line.atMs, zone)}</span>
        <span className={`flex shrink-0 items-start sm:w-20 gap-1 ${look?.colour ?? "text-ink-soft"}`}>
          {look?.icon === undefined || look.icon === null ? null : <Icon name={look.icon} className="mt-0.5" />}
          {line.level === null ? "" : LEVEL_WORDS[line.level]}
        </span>
        <span className="max-w-full shrink-0 truncate text-ink-soft sm:w-24">{line.replica}</span>
        {hasRequestIds ? (
          <span className="hidden w-40 shrink-0 truncate text-ink-soft xl:block">{line.requestId ?? ""}</span>
        ) : null}
        <span className={`min-w-0 flex-1 basis-full sm:basis-0 ${room}`}>
          <Marked text={message} marker={marker} />
          {fields
            .filter(([key]) => !QUIET_FIELDS.has(key))
            .map(([key, value]) => (
              <span key={key} className="text-ink-soft">
                {" "}
                {key}=<Marked text={value} marker={marker} />
              </span>
            ))}
          {line.isContinued ? <span className="text-ink-soft"> (the line goes on)</span> : null}
        </span>
      </button>
      {isOpen ? <LineDetails line={line} zone={zone} marker={marker} linkOf={linkOf} /> : null}
    </div>
  );
});

function LineDetails({ line, zone, marker, linkOf }: Pick<Props, "line" | "zone" | "marker" | "linkOf">) {
  const { message, fields } = readLine(line);
  const all: readonly (readonly [string, string])[] = [
    ["time", line.atMs === 0 ? "not known" : exactTime(line.atMs, zone)],
    ["written by", line.source],
    ...(line.requestId === null ? [] : [["request id", line.requestId] as const]),
    ["message", message],
    ...fields,
  ];
  return (
    <div className="max-w-[min(64rem,calc(100vw-4rem))] border-line border-t px-2 py-3 text-xs">
      <dl className="grid grid-cols-1 gap-x-4 gap-y-1 sm:grid-cols-[max-content_minmax(0,1fr)]">
        {all.map(([key, value]) => (
          <div key={key} className="contents">
            <dt className="text-ink-soft">{key}</dt>
            <dd className="wrap-anywhere whitespace-pre-wrap font-mono">
              <Marked text={value} marker={marker} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="mt-3 flex flex-wrap gap-2">
        <CopyButton text={line.text} what="line" isSpelledOut />
        <CopyButton text={linkOf(line.id)} what="link to it" isSpelledOut />
      </div>
    </div>
  );
}

function Marked({ text, marker }: { text: string; marker: RegExp | null }) {
  if (marker === null) return text;
  return markText(text, marker).map(({ text: part, isMatch, at }) =>
    isMatch ? (
      <mark key={at} className="rounded-sm bg-warn-soft text-ink outline outline-warn">
        {part}
      </mark>
    ) : (
      part
    ),
  );
}

/** `13:00:00.123` */
function timeOf(atMs: number, zone: TimeZone): string {
  if (atMs === 0) return "--:--:--.---";
  return `${timeParts(atMs, zone).time}.${String(Math.floor(atMs) % 1_000).padStart(3, "0")}`;
}
