/** What a search looks for: a part of a text, or the endpoint that an address names. */
export type Search = { text: string } | { endpointGroup: string; endpointName: string };

const ENDPOINT = /\/serve\/([^/?#\s]*)(?:\/([^/?#\s]*))?/;

/**
 * Reads what somebody typed or pasted. `http://host/serve/default/iris/v2/models/iris/infer` is the endpoint of one
 * deployment; a part of such a path is those whose endpoint begins so.
 */
export function readSearch(typed: string): Search {
  const endpoint = ENDPOINT.exec(typed);
  if (endpoint === null) return { text: typed.trim().toLowerCase() };
  return { endpointGroup: endpoint[1] ?? "", endpointName: endpoint[2] ?? "" };
}
