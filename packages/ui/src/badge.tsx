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
}: {
  icon: IconName;
  tone: Tone;
  word: string;
  isTurning?: boolean;
}) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full py-0.5 pr-2.5 pl-2 font-medium text-sm whitespace-nowrap ${TONES[tone]}`}
    >
      <Icon name={icon} className={isTurning === true ? "animate-turn" : ""} />
      {word}
    </span>
  );
}
