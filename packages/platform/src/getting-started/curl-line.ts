/** Quotes a text so that every POSIX shell takes it as it is. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command that calls a deployment and works as it is printed. */
export function curlLine(options: {
  gatewayUrl: string;
  group: string;
  deployment: string;
  token: string;
  body: unknown;
}): string {
  const { gatewayUrl, group, deployment, token, body } = options;
  const url = `${gatewayUrl}/serve/${group}/${deployment}/v2/models/${deployment}/infer`;
  const words = [
    "-H",
    `Authorization: Bearer ${token}`,
    "-H",
    "Content-Type: application/json",
    "-d",
    JSON.stringify(body),
  ];
  return `curl -s ${url} ${words.map((word) => (word.startsWith("-") ? word : shellQuoted(word))).join(" ")}`;
}
