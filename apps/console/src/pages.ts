import { randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { requestIdOf } from "@slipway/api";
import type { Logger } from "@slipway/service-kit";
import next from "next";
import { pathOfSignIn, SIGN_IN_PATH } from "./features/session/sign-in-page.ts";
import { onPageFailure } from "./page-failures.ts";
import { contentSecurityPolicy, SECURITY_HEADERS } from "./security-headers.ts";
import { INTERNAL_HEADERS } from "./server-headers.ts";

const APP = fileURLToPath(new URL("..", import.meta.url));

/** What the process tells its pages with each request. */
export type PagesTold = { apiOrigin: string; isSignedOut: (request: IncomingMessage) => Promise<boolean> };

/** The console's pages, served by Next inside this process. */
export type Pages = {
  prepare(): Promise<void>;
  handle(request: IncomingMessage, response: ServerResponse, told: PagesTold): Promise<void>;
  close(): Promise<void>;
};

/** Pages from the last build. `prepare` throws when there is none. */
export function createPages(config: { gatewayUrl: string }, logger: Logger): Pages {
  const app = next({ dev: false, dir: APP, quiet: true });
  const forget = onPageFailure((failure) => logger.error(failure, "a page could not be made"));
  return {
    async prepare() {
      if (!existsSync(join(APP, ".next", "BUILD_ID"))) {
        throw new Error("the console's pages are not built; run: npm run build");
      }
      await app.prepare();
    },
    async handle(request, response, { apiOrigin, isSignedOut }) {
      const requestId = requestIdOf(request, randomUUID);
      const policy = contentSecurityPolicy(randomBytes(16).toString("base64"));
      request.headers[INTERNAL_HEADERS.apiOrigin] = apiOrigin;
      request.headers[INTERNAL_HEADERS.gatewayUrl] = config.gatewayUrl;
      request.headers[INTERNAL_HEADERS.pageAddress] = request.url ?? "/";
      request.headers[INTERNAL_HEADERS.requestId] = requestId;
      response.setHeader("x-request-id", requestId);
      // Next reads the nonce from the request's policy and puts it on each script that it writes.
      request.headers["content-security-policy"] = policy;
      response.setHeader("content-security-policy", policy);
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      if (isPrivatePage(request) && (await isSignedOut(request))) return leadToSignIn(request, response);
      await app.getRequestHandler()(request, response);
    },
    close() {
      forget();
      return app.close();
    },
  };
}

/** Whether a browser opens a page that only those who are signed in may see; what it asks for on a page is no page. */
function isPrivatePage({ method, url = "/", headers }: IncomingMessage): boolean {
  const isPage = method === "GET" && headers.accept?.includes("text/html") === true && headers.rsc === undefined;
  const path = url.split("?", 1)[0] ?? "/";
  return isPage && path !== SIGN_IN_PATH && !path.startsWith("/_next/");
}

/** Before anything is written: a page that is half shown would find out too, and both would lead away at once. */
function leadToSignIn({ url = "/" }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(307, { location: pathOfSignIn(url), "cache-control": "no-store" }).end();
}
