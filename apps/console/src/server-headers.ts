/**
 * What this process tells its own pages with each request. The server writes these headers itself and drops whatever a
 * client sent under their names, so a page may trust them.
 */
export const INTERNAL_HEADERS = {
  /** Where the API of this very process listens. */
  apiOrigin: "x-slipway-internal-api-origin",
  /** The public base of the gateway. */
  gatewayUrl: "x-slipway-internal-gateway-url",
  /** Path and query of the page that is asked for. */
  pageAddress: "x-slipway-internal-page-address",
  /** Under what the log has this request, and what the API is asked for it. */
  requestId: "x-slipway-internal-request-id",
} as const;
