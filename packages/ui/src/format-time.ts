/** An IANA name such as `Europe/Berlin`, or `UTC`. */
export type TimeZone = string;
export const UTC: TimeZone = "UTC";

const UNITS: readonly [sizeMs: number, word: string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
];
/** Below this it is `now`: a counter of seconds would only be noise. */
const NOW_MS = 10_000;

/** `3 min ago`, in the largest unit that fits. */
export function relativeTime(iso: string, nowMs: number): string {
  const agoMs = Math.max(0, nowMs - Date.parse(iso));
  const [sizeMs, word] = UNITS.find(([unit]) => agoMs >= unit) ?? [1, ""];
  return agoMs < NOW_MS ? "now" : `${Math.floor(agoMs / sizeMs)} ${word} ago`;
}

/** A moment in a zone, in parts that sort as text: date `2026-03-01`, time `13:00:00`, and the zone's name then. */
export type TimeParts = { date: string; time: string; zone: string };

/** The parts of a moment (ISO text or milliseconds since 1970). The server and every browser make the same of it. */
export function timeParts(moment: string | number, zone: TimeZone): TimeParts {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(new Date(moment))
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  return {
    date: `${of("year")}-${of("month")}-${of("day")}`,
    time: `${of("hour")}:${of("minute")}:${of("second")}`,
    // A name such as `GMT+1` says where UTC is; `GMT` alone would hide that it is a choice.
    zone: zone === UTC ? UTC : of("timeZoneName"),
  };
}

/** `2026-03-01 12:00:00 UTC`, `2026-03-01 13:00:00 GMT+1` */
export function exactTime(moment: string | number, zone: TimeZone): string {
  const { date, time, zone: word } = timeParts(moment, zone);
  return `${date} ${time} ${word}`;
}

/** `12:03`, for axes and for today. */
export function timeOfDay(moment: string | number, zone: TimeZone): string {
  return timeParts(moment, zone).time.slice(0, 5);
}

/** Whether this engine knows a zone of that name. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

const formats = new Map<TimeZone, Intl.DateTimeFormat>();

function formatOf(zone: TimeZone): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "shortOffset",
  });
  formats.set(zone, made);
  return made;
}
