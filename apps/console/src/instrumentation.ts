import type { Instrumentation } from "next";
import { reportPageFailure } from "./page-failures.ts";
import { INTERNAL_HEADERS } from "./server-headers.ts";

/** Next calls this for each page that cannot be made; what it shows a browser is found in the log by it. */
export const onRequestError: Instrumentation.onRequestError = (err, { path, headers }) => {
  const digest = typeof err === "object" && err !== null && "digest" in err ? String(err.digest) : "";
  const requestId = String(headers[INTERNAL_HEADERS.requestId] ?? "");
  // A query may hold what no log should.
  reportPageFailure({ requestId, digest, path: path.split("?", 1)[0] ?? "", err });
};
