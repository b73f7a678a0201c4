/** What is looked for, as the page has it. */
export type Search = { text: string; isPattern: boolean; isCaseSensitive: boolean };

export type TextPart = { text: string; isMatch: boolean; at: number };

/** No more marks than this in one text: a pattern that finds every letter must not make a page of them. */
const MAX_MARKS = 100;
/** Texts longer than this are marked in their first part alone, since a pattern runs in the page that draws. */
const MARKED_CHARACTERS = 20_000;

/** What finds the places of a search in a text; null when there is none, or the pattern is none. */
export function markerOf({ text, isPattern, isCaseSensitive }: Search): RegExp | null {
  if (text === "") return null;
  try {
    const source = isPattern ? text : text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(source, isCaseSensitive ? "g" : "gi");
  } catch {
    return null;
  }
}

/** A text cut where a search finds something in it. */
export function markText(text: string, marker: RegExp | null): TextPart[] {
  if (marker === null || text === "") return [{ text, isMatch: false, at: 0 }];
  const parts: TextPart[] = [];
  let end = 0;
  for (const found of text.slice(0, MARKED_CHARACTERS).matchAll(marker)) {
    if (found[0] === "" || parts.length > 2 * MAX_MARKS) break;
    if (found.index > end) parts.push({ text: text.slice(end, found.index), isMatch: false, at: end });
    parts.push({ text: found[0], isMatch: true, at: found.index });
    end = found.index + found[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isMatch: false, at: end });
  return parts;
}
