/** What a first call needs to know. */
export type CurlParts = {
  gatewayUrl: string;
  group: string;
  name: string;
  isPublic: boolean;
  sample: string;
  token?: string;
};

/** A call of a deployment that can be pasted into a shell; of a private one it says how to get its token, unless it is given. */
export function curlLine({ gatewayUrl, group, name, isPublic, sample, token }: CurlParts): string {
  const url = `${endpointOf({ gatewayUrl, group, name })}/v2/models/${name}/infer`;
  const lines = [
    `curl ${url} \\`,
    ...(isPublic ? [] : [`  -H "Authorization: Bearer ${token ?? "$TOKEN"}" \\`]),
    '  -H "Content-Type: application/json" \\',
    `  -d ${shellQuote(sample)}`,
  ];
  if (isPublic || token !== undefined) return lines.join("\n");
  const inGroup = group === "default" ? "" : ` --group ${group}`;
  return [`TOKEN=$(npx slipway token create ${name} my-client --renew${inGroup})`, ...lines].join("\n");
}

/** The one base URL of a deployment. */
export function endpointOf({ gatewayUrl, group, name }: Pick<CurlParts, "gatewayUrl" | "group" | "name">): string {
  return `${gatewayUrl.replace(/\/+$/, "")}/serve/${group}/${name}`;
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
