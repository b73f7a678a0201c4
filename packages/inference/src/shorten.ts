const MAX_LENGTH = 80;

/** What a caller wrote, for an error that stays readable however long it is. Never ends in half of a character. */
export function shorten(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 3).toWellFormed()}...` : text;
}
