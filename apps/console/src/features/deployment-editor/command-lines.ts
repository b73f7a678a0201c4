/** What a change needs to be made by a script. */
export type CommandParts = {
  origin: string;
  text: string;
  message: string;
  seen: { uid: string; version: number } | null;
};

const END = "MANIFEST";

/** The same change with the command line. */
export function cliLine({ text, message }: CommandParts): string {
  const why = message === "" ? "" : ` --message ${quote(message)}`;
  const end = text.split("\n").includes(END) ? `${END}_${text.length}` : END;
  return `npx slipway apply -f -${why} <<'${end}'\n${text.trimEnd()}\n${end}`;
}

/** The same change with curl; what was seen goes along, so that nothing is overwritten unseen. */
export function curlLine({ origin, text, message, seen }: CommandParts): string {
  const body = {
    manifest: text,
    ...(message === "" ? {} : { message }),
    expected: [seen === null ? { version: 0 } : { uid: seen.uid, version: seen.version }],
  };
  return [
    `curl -sS ${quote(`${origin}/api/v1/apply`)} \\`,
    '  -H "Authorization: Bearer $SLIPWAY_TOKEN" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d ${quote(JSON.stringify(body))}`,
  ].join("\n");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
