import type { IncomingMessage } from "node:http";
import { type ErrorBody, Problems, type RevisionSource, ruleOf, SlipwayError, toErrorBody } from "@slipway/contracts";
import {
  type Actor,
  actorName,
  type GatewayContext,
  type ManifestReader,
  publicError,
  type RegistryContext,
  type ResourceWatch,
  type SchedulerContext,
  type TokenContext,
} from "@slipway/domain";
import { initTRPC, TRPCError } from "@trpc/server";
import type { OpenApiMeta } from "trpc-to-openapi";
import { ZodError, type z } from "zod";
import { requireText } from "./require-text.ts";

/** What every call carries: the verbs' context without an actor when nobody is signed in, and where it came from. */
export type CallContext = Omit<TokenContext & SchedulerContext & GatewayContext & RegistryContext, "actor"> & {
  actor: Actor | null;
  source: RevisionSource;
  /** False for a browser's cookie that another site may have sent. */
  isMutationAllowed: boolean;
  watch: ResourceWatch;
  /** Reads manifests where no other request waits for it. */
  manifests: ManifestReader;
  /** Folders that `file:` models may be read from. */
  modelRoots: readonly string[];
  /** Where people reach the console. */
  publicUrl: string;
};

type TrpcCode = TRPCError["code"];

/** tRPC's name of an HTTP status; the table of errors decides the status itself. */
const TRPC_CODES: Readonly<Record<number, TrpcCode>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  405: "METHOD_NOT_SUPPORTED",
  408: "TIMEOUT",
  409: "CONFLICT",
  410: "NOT_FOUND",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  422: "UNPROCESSABLE_CONTENT",
  429: "TOO_MANY_REQUESTS",
  499: "CLIENT_CLOSED_REQUEST",
  502: "BAD_GATEWAY",
  503: "SERVICE_UNAVAILABLE",
  504: "GATEWAY_TIMEOUT",
};

/** How often an open stream says that it is still there, so that both ends notice when the other is not. */
const PING_MS = 15_000;

const t = initTRPC
  .context<CallContext>()
  .meta<OpenApiMeta>()
  .create({
    sse: {
      ping: { enabled: true, intervalMs: PING_MS },
      // Two pings late, and the other end takes the connection for lost and makes a new one.
      client: { reconnectAfterInactivityMs: 2.5 * PING_MS },
    },
    errorFormatter({ shape, error, ctx }) {
      const { body } = describeError(error, ctx?.requestId ?? "");
      return {
        ...shape,
        message: body.error,
        data: { code: shape.data.code, httpStatus: shape.data.httpStatus, error: body },
      };
    },
  });

export const router = t.router;

/** Errors of the table keep their status; whatever else fails shows nothing of itself. */
const withErrors = t.middleware(async ({ next }) => {
  const result = await next();
  if (result.ok) return result;
  const known = causeOf(result.error);
  if (!(known instanceof SlipwayError)) return result;
  throw toTrpcError(known);
});

/** An error of the table as tRPC takes it. */
export function toTrpcError(known: SlipwayError): TRPCError {
  return new TRPCError({
    code: TRPC_CODES[known.http] ?? "INTERNAL_SERVER_ERROR",
    message: known.message,
    cause: known,
  });
}

/** A procedure that anybody may call; only what signs people in uses it. */
export const openProcedure = t.procedure.use(withErrors);

/** A procedure for whoever is signed in, whose input is text throughout. What they may do, the verb decides. */
export const procedure = openProcedure
  .use(({ ctx, next, type }) => next({ ctx: { ...ctx, actor: requireActor(ctx, type) } }))
  .use(async ({ getRawInput, next }) => {
    requireText(await getRawInput());
    return next();
  });

/** Who calls, for what only they may do. @throws auth/missing, auth/forbidden for a change that another site may have sent */
export function requireActor(
  { actor, isMutationAllowed }: Pick<CallContext, "actor" | "isMutationAllowed">,
  type: "query" | "mutation" | "subscription",
): Actor {
  if (actor === null) throw new SlipwayError("auth/missing", { scheme: "a bearer token or a signed-in browser" });
  if (type === "mutation" && !isMutationAllowed) {
    throw new SlipwayError("auth/forbidden", { action: "change anything from another site" });
  }
  return actor;
}

/** The same, as the name by which what they hold is counted; asked before anything of a request's body is read. */
export function requireCaller(...[context, type]: Parameters<typeof requireActor>): string {
  return actorName(requireActor(context, type));
}

/** The status and body of any error that a procedure ended with. */
export function describeError(error: unknown, requestId: string): { http: number; body: ErrorBody } {
  const cause = causeOf(error);
  if (cause instanceof SlipwayError) return toErrorBody(cause, requestId);
  if (error instanceof TRPCError && error.code === "NOT_FOUND") {
    return toErrorBody(new SlipwayError("request/not_found", { path: "this procedure" }), requestId);
  }
  return toErrorBody(cause ?? error, requestId);
}

/** How tRPC says that an answer does not fit its own schema, which is no fault of the caller's. */
const BAD_ANSWER = "Output validation failed";

/** Why a call failed, as the caller may know it. What a schema refuses, of a procedure or in a verb, is a bad request. */
function causeOf(error: unknown): unknown {
  const cause = publicError(error instanceof TRPCError ? error.cause : error);
  const isAnswer = error instanceof TRPCError && error.message === BAD_ANSWER;
  return cause instanceof ZodError && !isAnswer ? invalidRequest(cause) : cause;
}

/**
 * The query of an address that no procedure answers, together with what its path says, which no query overrides.
 * @throws request/invalid
 */
export function readQuery<Schema extends z.ZodType>(
  schema: Schema,
  request: Pick<IncomingMessage, "url">,
  fromPath: Record<string, string> = {},
): z.output<Schema> {
  const query = Object.fromEntries(new URL(request.url ?? "/", "http://localhost").searchParams);
  const given = { ...query, ...fromPath };
  requireText(given);
  const input = schema.safeParse(given);
  if (!input.success) throw invalidRequest(input.error);
  return input.data;
}

/** The 400 of an input that its schema refuses, each problem at its field. */
export function invalidRequest(error: ZodError): SlipwayError<"request/invalid"> {
  const found = new Problems();
  for (const issue of error.issues) describeInput(found, issue);
  const problems = found.list();
  const [first] = problems;
  const field = first?.field ?? "";
  const problem = first === undefined ? "The request is not valid." : `${field || "The request"} ${first.message}.`;
  return new SlipwayError("request/invalid", { problem }, { problems, ...(field === "" ? {} : { field }) });
}

function describeInput(found: Problems, issue: ZodError["issues"][number]): void {
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) {
      found.add(() => ({ field: [...issue.path, key].join("."), message: "is not a known field" }));
    }
    return;
  }
  found.add(() => {
    const field = issue.path.join(".");
    // The schema does not keep what it was given; that there was nothing, only its message says.
    if (/received (undefined|NaN)/.test(issue.message)) return { field, message: "is required" };
    return { field, message: ruleOf(issue) };
  });
}
