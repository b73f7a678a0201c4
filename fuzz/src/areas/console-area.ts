import { request } from "node:http";
import { ERROR_CODES, type ErrorCode } from "@slipway/contracts";
import { hold, type OpenArea } from "../area.ts";
import { type ConsoleRig, holdConsole } from "../rig/console.ts";
import { mustBeInTable } from "./callers-fault.ts";

/** What is true of a console that runs alone: nobody leads, nobody serves, no gateway can be tried. */
const ALONE: ReadonlySet<ErrorCode> = new Set(["scheduler/no_leader", "trial/no_gateway", "gateway/no_replica"]);
const HANG_MS = 30_000;

export type ApiAnswer = { status: number; type: string; text: string };
export type ApiRequest = {
  method: string;
  path: string;
  body?: string | Buffer;
  headers?: Record<string, string | number>;
  /** Leave once this many bytes of the body are sent. */
  leaveAfterBytes?: number;
};

/** An area before the console's API: what is checked beside the answer is that somebody else was answered all the while. */
export async function consoleArea(
  open: (rig: ConsoleRig) => { check(bytes: Buffer): Promise<void> } | Promise<{ check(bytes: Buffer): Promise<void> }>,
): Promise<OpenArea> {
  const rig = await holdConsole();
  const { neighbour } = rig;
  const area = await open(rig);
  return {
    async check(bytes) {
      await area.check(bytes);
      hold(neighbour.wrong() === 0, "somebody else is answered all the while");
    },
    pids: () => [rig.console.pid],
    takeLongestWaitMs: () => neighbour.takeLongestWaitMs(),
    close: () => rig.close(),
  };
}

/** One request with the administrator's token; a stream is left at its first bytes. Null when nothing was answered. */
export function askApi({ console, token }: ConsoleRig, what: ApiRequest): Promise<ApiAnswer | null> {
  const { method, path, body = "", leaveAfterBytes } = what;
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      ...(method === "GET" ? {} : { "content-length": Buffer.byteLength(body) }),
      ...what.headers,
    };
    const sent = request(`${console.url}${path}`, { method, headers, timeout: HANG_MS }, (response) => {
      const type = response.headers["content-type"] ?? "";
      const status = response.statusCode ?? 0;
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
        if (!type.startsWith("application/json")) response.destroy();
      });
      response.on("close", () => resolve({ status, type, text }));
      response.on("error", () => undefined);
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${HANG_MS / 1000} s`)));
    sent.on("error", (error) => (leaveAfterBytes === undefined ? reject(error) : resolve(null)));
    if (leaveAfterBytes === undefined) sent.end(body);
    else sent.write(Buffer.from(body).subarray(0, leaveAfterBytes), () => sent.destroy());
  });
}

/** No odd value is a fault of the platform. */
export function mustBeAnswered({ status, text }: ApiAnswer): void {
  if (status < 400) return;
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Told below.
  }
  const code = mustBeInTable(
    typeof body === "object" && body !== null && "code" in body ? body.code : `${status} ${text}`,
  );
  const { http, owner } = ERROR_CODES[code];
  hold(http === status, "a refusal has its code's status", () => `${status} ${code}`);
  hold(owner === "caller" || ALONE.has(code), "an odd value is its caller's fault", () => `${status} ${text}`);
}
