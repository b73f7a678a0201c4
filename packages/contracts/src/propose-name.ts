/** The longest name that a person gives; see `NAME_PATTERN`. This file stays free of schemas, so that pages may import it. */
export const NAME_MAX_LENGTH = 63;

/**
 * The name that a title or a file's name suggests: `My Model_v2` gives `my-model-v2`. Always one that is allowed, or empty
 * when no letter or digit of it is left.
 */
export function proposeName(title: string): string {
  return title
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, NAME_MAX_LENGTH)
    .replace(/-+$/, "");
}

/** The same name with a number behind it: what to try when the name itself is taken. */
export function numberedName(name: string, number: number): string {
  const ending = `-${number}`;
  return `${name.slice(0, NAME_MAX_LENGTH - ending.length).replace(/-+$/, "")}${ending}`;
}
