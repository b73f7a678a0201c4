import type { UpstreamHeaders } from "../traffic/upstream-call.ts";

/** What goes on from a model server's answer to the client, as name, value, name, …; connection headers stay here. */
export function responseHeaders(headers: UpstreamHeaders, requestId: string): string[] {
  const flat = ["x-request-id", requestId];
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    switch (name) {
      case "connection":
      case "keep-alive":
      case "proxy-connection":
      case "transfer-encoding":
      case "content-length":
      case "trailer":
      case "upgrade":
      case "date":
      case "server":
      case "set-cookie":
      case "www-authenticate":
      case "x-request-id":
        break;
      default:
        if (name.startsWith("x-slipway-")) break;
        if (typeof value === "string") flat.push(name, value);
        else for (const one of value) flat.push(name, one);
    }
  }
  return flat;
}
