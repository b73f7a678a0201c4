import { Icon, type IconName } from "./icon.tsx";

export type Tone = "good" | "warn" | "bad" | "busy" | "quiet";

const TONES: { readonly [Name in Tone]: string } = {
  good: "bg-good-soft text-good",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  busy: "bg-busy-soft text-busy",
  quiet: "bg-quiet-soft text-quiet",
};

/** A state as icon and word; colour only repeats what the word says. */
export function Badge({
  icon,
  tone,
  word,
  isTurning,
  isSmall = false,
}: {
  icon: IconName;
  tone: Tone;
  word: string;
  isTurning?: boolean;
  /** For dense lines. */
  isSmall?: boolean;
}) {
  return (
    <span
      className={`inline-flex items-center rounded-full py-0.5 font-medium whitespace-nowrap ${
        isSmall ? "gap-1 pr-2 pl-1.5 text-xs" : "gap-1.5 pr-2.5 pl-2 text-sm"
      } ${TONES[tone]}`}
    >
      <Icon name={icon} className={`${isTurning === true ? "animate-turn" : ""} ${isSmall ? "size-3.5!" : ""}`} />
      {word}
    </span>
  );
}
