import { formatMemory } from "./format-memory.ts";

/** Who has to act: the caller, whoever runs the platform, or the model behind it. */
export type ErrorOwner = "caller" | "platform" | "upstream";

export type GrpcStatus =
  | "INVALID_ARGUMENT"
  | "NOT_FOUND"
  | "ALREADY_EXISTS"
  | "PERMISSION_DENIED"
  | "UNAUTHENTICATED"
  | "RESOURCE_EXHAUSTED"
  | "FAILED_PRECONDITION"
  | "ABORTED"
  | "UNIMPLEMENTED"
  | "INTERNAL"
  | "UNAVAILABLE"
  | "DEADLINE_EXCEEDED"
  | "CANCELLED";

type Nothing = Record<string, never>;
type Ref = { kind: string; name: string };

/** What each error's sentence is made of. A code without an entry in the table below does not compile. */
export type ErrorDataMap = {
  internal: Nothing;
  "request/invalid": { problem: string };
  "request/malformed_json": { detail: string };
  "request/too_large": { limitBytes: number };
  "request/too_costly": Nothing;
  "request/too_deep": { limit: number };
  "request/too_many_values": { limit: number };
  "request/too_many_bytes": { limitBytes: number };
  "request/not_found": { path: string };
  "request/method_not_allowed": { method: string; allowed: string };
  "request/timeout": { limitMs: number };
  "request/headers_too_large": { limitBytes: number };
  "request/too_many_headers": { limit: number };
  "request/http_version": { given: string };
  "request/expectation": { given: string };
  "request/unimplemented": { what: string };
  "request/cancelled": Nothing;
  "request/content_encoding": { given: string };
  "request/binary_tensors": Nothing;
  "request/unsupported_media_type": { given: string; allowed: string };
  "auth/missing": { scheme: string };
  "auth/unknown": Nothing;
  "auth/expired": { client: string; at: string };
  "auth/revoked": { client: string; at: string };
  "auth/replaced": { client: string; at: string };
  "auth/out_of_scope": { client: string; method: string; allowed: string };
  "auth/forbidden": { action: string };
  "manifest/invalid": { count: number; first: string };
  "manifest/too_large": { limitBytes: number };
  "manifest/too_costly": { limitMs: number; limitBytes: number };
  "manifest/too_many": { limit: number };
  "resource/not_found": Ref;
  "resource/conflict": Ref & { expected: string; actual: string };
  "resource/name_taken": Ref;
  "resource/still_deleting": Ref;
  "resource/owned": Ref & { owner: string };
  "resource/in_use": Ref & { by: string };
  "resource/revision_not_found": Ref & { generation: number };
  "deployment/message_required": { name: string };
  "database/unavailable": Nothing;
  "feed/cursor_expired": Nothing;
  "token/name_taken": { client: string; deployment: string };
  "token/too_many": { deployment: string; limit: number };
  "token/not_found": { client: string; deployment: string };
  "token/two_valid": { client: string; deployment: string; hint: string; endsAt: string };
  "token/ambiguous": { client: string; given: string };
  "view/name_taken": { name: string };
  "view/too_many": { limit: number };
  "view/not_found": Nothing;
  "sign_in/link_spent": Nothing;
  "sign_in/refused": Nothing;
  "sign_in/too_often": { retryAfterSeconds: number };
  "account/wrong_password": Nothing;
  "account/not_found": { what: string; id: string };
  "logs/search_too_slow": { limitMs: number };
  "logs/too_many_searches": { limit: number };
  "logs/timeout": { limitMs: number };
  "scheduler/timeout": { limitMs: number };
  "scheduler/no_leader": Nothing;
  "scheduler/not_leader": { leader: string };
  "scheduler/stale_epoch": { given: number; current: number };
  "platform/disk_full": { freeBytes: number; reserveBytes: number };
  "recorder/busy": { limit: number };
  "placement/no_server": { capability: string };
  "placement/unknown_server": { server: string };
  "placement/no_replica": { server: string };
  "placement/no_capacity": { neededBytes: number; freeBytes: number; server: string };
  "placement/too_few_replicas": { server: string; wanted: number; placed: number; reason: string };
  "placement/never_fits": { neededBytes: number; capacityBytes: number; server: string };
  "placement/group_not_allowed": { server: string; group: string };
  "placement/other_server": { server: string; wanted: string };
  "placement/sits_elsewhere": { server: string };
  "placement/capability": { replica: string; capability: string };
  "placement/replica_not_ready": { replica: string; detail: string };
  "placement/replica_draining": { replica: string };
  "placement/holds_one": { replica: string };
  "placement/failed_here": { replica: string; detail: string };
  "placement/memory": { neededBytes: number; freeBytes: number; replica: string };
  "rollout/update_failed": { detail: string };
  "server/replicas_missing": { server: string; ready: number; wanted: number; detail: string };
  "server/cannot_shrink": { server: string; models: number };
  "artifact/scheme": { scheme: string; allowed: string };
  "artifact/not_allowed": { uri: string };
  "artifact/missing": { uri: string };
  "artifact/not_one_model": { uri: string; found: number };
  "artifact/checksum": { expected: string; actual: string };
  "artifact/digest_of_part": { file: string; actual: string };
  "artifact/too_large": { limitBytes: number };
  "artifact/too_many_files": { limit: number };
  "artifact/escapes": { path: string };
  "artifact/no_space": { neededBytes: number; freeBytes: number };
  "artifact/registry_unavailable": { detail: string };
  "registry/model_not_found": { model: string };
  "registry/version_not_found": { model: string; version: number };
  "registry/alias_not_found": { model: string; alias: string };
  "registry/in_use": { what: string; by: string };
  "registry/not_a_model": { detail: string };
  "registry/upload_cut": { receivedBytes: number; expectedBytes: number };
  "registry/storage_failed": Nothing;
  "registry/bytes_missing": { sha256: string };
  "registry/bytes_removed": Nothing;
  "registry/read_cut": { receivedBytes: number; expectedBytes: number };
  "registry/s3_no_bucket": { bucket: string };
  "registry/s3_denied": { bucket: string };
  "registry/s3_unreachable": Nothing;
  "registry/s3_failed": { detail: string };
  "model/corrupt": { detail: string };
  "model/external_data": { path: string };
  "model/external_data_missing": { path: string };
  "model/load_timeout": { limit: string };
  "model/quarantined": { crashes: number };
  "model/not_loaded": { model: string };
  "model/unknown": { model: string };
  "model/not_ready": { model: string; state: string };
  "model/no_sample": { model: string };
  "model/failed": { detail: string };
  "model/timeout": { limitMs: number };
  "model/too_busy": { limit: number };
  "model/crashed": { detail: string };
  "model/hung": { runs: number };
  "model/answer_too_large": { limitBytes: number };
  "server/bodies_in_flight": { limitBytes: number };
  "server/not_ready": { server: string; detail: string };
  "tensor/missing": { input: string };
  "tensor/unknown": { input: string };
  "tensor/fixed": { input: string };
  "tensor/duplicate": { input: string };
  "tensor/unknown_output": { output: string };
  "tensor/datatype": { input: string; given: string; expected: string };
  "tensor/shape": { input: string; given: string; expected: string };
  "tensor/element_count": { input: string; given: number; expected: number };
  "tensor/value": { input: string; index: number; given: string; expected: string };
  "tensor/non_finite_output": { output: string };
  "tensor/too_many_elements": { input: string; limit: number };
  "gateway/no_endpoint": { deployment: string };
  "gateway/stopped": { deployment: string };
  "gateway/no_replica": { deployment: string };
  "gateway/too_busy": { deployment: string; limit: number };
  "gateway/bodies_full": { whose: string; limitBytes: number };
  "gateway/timeout": { limitMs: number };
  "gateway/upstream_lost": { deployment: string };
  "gateway/draining": Nothing;
  "gateway/starting": Nothing;
  "gateway/answer_too_large": { limitBytes: number };
  "trial/no_gateway": Nothing;
  "trial/timeout": { limitMs: number };
  not_built_yet: { what: string };
};

export type ErrorCode = keyof ErrorDataMap;
export type ErrorData<Code extends ErrorCode> = ErrorDataMap[Code];

export type ErrorEntry<Data> = {
  owner: ErrorOwner;
  http: number;
  grpc: GrpcStatus;
  text: (data: Data) => string;
  /** What to look at or do; empty when the sentence says it. */
  check: string;
};

const caller = <Data>(http: number, grpc: GrpcStatus, text: (data: Data) => string, check = ""): ErrorEntry<Data> => ({
  owner: "caller",
  http,
  grpc,
  text,
  check,
});
const platform = <Data>(
  http: number,
  grpc: GrpcStatus,
  text: (data: Data) => string,
  check = "",
): ErrorEntry<Data> => ({
  owner: "platform",
  http,
  grpc,
  text,
  check,
});
const upstream = <Data>(
  http: number,
  grpc: GrpcStatus,
  text: (data: Data) => string,
  check = "",
): ErrorEntry<Data> => ({
  owner: "upstream",
  http,
  grpc,
  text,
  check,
});

/** The one table of errors: owner, statuses, public text and what to check. Console, CLI and curl show these words. */
export const ERROR_CODES: { readonly [Code in ErrorCode]: ErrorEntry<ErrorDataMap[Code]> } = {
  internal: platform(
    500,
    "INTERNAL",
    () => "Something went wrong inside Slipway.",
    "Look up the request id in the logs of the process.",
  ),
  "request/invalid": caller(400, "INVALID_ARGUMENT", (d) => d.problem),
  "request/malformed_json": caller(400, "INVALID_ARGUMENT", (d) => `The body is not valid JSON: ${d.detail}.`),
  "request/too_large": caller(
    413,
    "RESOURCE_EXHAUSTED",
    (d) => `The body is larger than the limit of ${formatMemory(d.limitBytes)}.`,
    "Send fewer rows at once, or raise limits.bodySize.",
  ),
  "request/too_costly": caller(
    413,
    "RESOURCE_EXHAUSTED",
    () => "Reading the body took more memory than this replica has for it.",
    "Send fewer values at once, or send them by gRPC in raw_input_contents, which takes the least.",
  ),
  "request/too_deep": caller(400, "INVALID_ARGUMENT", (d) => `The body is nested deeper than ${d.limit} levels.`),
  "request/too_many_values": caller(
    400,
    "INVALID_ARGUMENT",
    (d) => `The body holds more than ${d.limit} keys and values.`,
    "Send it in several pieces; what is to be tried may go as text.",
  ),
  "request/too_many_bytes": platform(
    429,
    "RESOURCE_EXHAUSTED",
    (d) => `The requests under way hold ${formatMemory(d.limitBytes)} already, which is the limit.`,
    "Send it again in a moment.",
  ),
  "request/not_found": caller(404, "NOT_FOUND", (d) => `There is nothing at ${d.path}.`),
  "request/method_not_allowed": caller(
    405,
    "UNIMPLEMENTED",
    (d) => `${d.method} is not allowed here; allowed: ${d.allowed}.`,
  ),
  "request/timeout": caller(
    408,
    "DEADLINE_EXCEEDED",
    (d) => `The request was not completely received within ${d.limitMs} ms.`,
  ),
  "request/headers_too_large": caller(
    431,
    "RESOURCE_EXHAUSTED",
    (d) => `The headers are larger than the limit of ${formatMemory(d.limitBytes)}.`,
  ),
  "request/too_many_headers": caller(
    431,
    "RESOURCE_EXHAUSTED",
    (d) => `The request has more than ${d.limit} headers, which is the limit.`,
  ),
  "request/http_version": caller(
    505,
    "INVALID_ARGUMENT",
    (d) => `HTTP ${d.given} is not spoken here.`,
    "Send HTTP/1.1; gRPC has a port of its own.",
  ),
  "request/expectation": caller(
    417,
    "INVALID_ARGUMENT",
    (d) => `Expectation ${d.given} cannot be met; the one that is known is 100-continue.`,
  ),
  "request/unimplemented": caller(501, "UNIMPLEMENTED", (d) => `${d.what} is not served here.`),
  "request/cancelled": caller(499, "CANCELLED", () => "The caller left before the answer was there."),
  "request/content_encoding": caller(
    415,
    "UNIMPLEMENTED",
    (d) => `Content encoding ${d.given} is not built yet; bodies are taken as they are (identity).`,
    "Send the body without compression.",
  ),
  "request/binary_tensors": caller(
    415,
    "UNIMPLEMENTED",
    () => "Binary tensor data in a REST body (the header Inference-Header-Content-Length) is not built yet; JSON is.",
    "Send the data as JSON (in tritonclient: set_data_from_numpy(…, binary_data=False)), or call by gRPC, which carries binary tensors.",
  ),
  "request/unsupported_media_type": caller(
    415,
    "INVALID_ARGUMENT",
    (d) => `Content type ${d.given} is not understood; allowed: ${d.allowed}.`,
  ),
  "auth/missing": caller(401, "UNAUTHENTICATED", (d) => `This needs a credential: ${d.scheme}.`),
  "auth/unknown": caller(401, "UNAUTHENTICATED", () => "The credential is not known."),
  "auth/expired": caller(
    401,
    "UNAUTHENTICATED",
    (d) => `The token of client ${d.client} expired at ${d.at}.`,
    "Create a new token.",
  ),
  "auth/revoked": caller(
    401,
    "UNAUTHENTICATED",
    (d) => `The token of client ${d.client} was revoked at ${d.at}.`,
    "Create a new token.",
  ),
  "auth/replaced": caller(
    401,
    "UNAUTHENTICATED",
    (d) => `This token of client ${d.client} was replaced by a newer one and ended at ${d.at}.`,
    "Use the newer token, or create one.",
  ),
  "auth/out_of_scope": caller(
    403,
    "PERMISSION_DENIED",
    (d) => `The token of client ${d.client} is good for ${d.allowed} only, not for ${d.method}.`,
    "Create a token whose scope includes it.",
  ),
  "auth/forbidden": caller(403, "PERMISSION_DENIED", (d) => `The credential is valid but may not ${d.action}.`),
  "manifest/invalid": caller(422, "INVALID_ARGUMENT", (d) =>
    d.count === 1 ? d.first : `${d.first} (and ${d.count - 1} more problem${d.count === 2 ? "" : "s"})`,
  ),
  "manifest/too_large": caller(
    413,
    "RESOURCE_EXHAUSTED",
    (d) => `The manifest is larger than the limit of ${formatMemory(d.limitBytes)}.`,
  ),
  "manifest/too_costly": caller(
    422,
    "RESOURCE_EXHAUSTED",
    (d) =>
      `Reading the manifest took longer than ${d.limitMs / 1_000} s, or more than ${formatMemory(d.limitBytes)} of memory, and was given up.`,
    "Apply it in several pieces.",
  ),
  "manifest/too_many": platform(
    429,
    "RESOURCE_EXHAUSTED",
    (d) => `${d.limit} manifests wait to be read already, which is the limit.`,
    "Send it again in a moment.",
  ),
  "resource/not_found": caller(404, "NOT_FOUND", (d) => `There is no ${d.kind} named ${d.name}.`),
  "resource/conflict": caller(
    409,
    "ABORTED",
    (d) => `${d.kind} ${d.name} was changed by somebody else: you saw ${d.expected}, it is now ${d.actual}.`,
    "Read it again and repeat the change.",
  ),
  "resource/name_taken": caller(
    409,
    "ALREADY_EXISTS",
    (d) => `There is a ${d.kind} named ${d.name} already.`,
    "Choose another name, or change the one that is there.",
  ),
  "deployment/message_required": caller(
    422,
    "INVALID_ARGUMENT",
    (d) => `${d.name} is in production, so a change of it needs a message that says why.`,
  ),
  "resource/still_deleting": caller(
    409,
    "FAILED_PRECONDITION",
    (d) => `${d.kind} ${d.name} is still being deleted; its name is free when its replicas are released.`,
    "Try again in a moment.",
  ),
  "resource/owned": caller(
    409,
    "FAILED_PRECONDITION",
    (d) => `${d.kind} ${d.name} belongs to ${d.owner}; change that instead.`,
  ),
  "resource/in_use": caller(409, "FAILED_PRECONDITION", (d) => `${d.kind} ${d.name} is used by ${d.by}.`),
  "resource/revision_not_found": caller(
    404,
    "NOT_FOUND",
    (d) => `${d.kind} ${d.name} has no revision ${d.generation}.`,
  ),
  "database/unavailable": platform(
    503,
    "UNAVAILABLE",
    () => "The database does not answer at the moment; whether a change was stored is not known. Serving goes on.",
    "Read the object again in a moment, and repeat the change if it is not there.",
  ),
  "feed/cursor_expired": caller(
    410,
    "FAILED_PRECONDITION",
    () => "The cursor is no longer valid.",
    "List again and go on from the new cursor.",
  ),
  "token/name_taken": caller(
    409,
    "ALREADY_EXISTS",
    (d) => `Client ${d.client} of ${d.deployment} has a token already.`,
    "Revoke it first, or choose another name.",
  ),
  "token/too_many": caller(
    409,
    "RESOURCE_EXHAUSTED",
    (d) => `${d.deployment} has ${d.limit} clients with a token, which is the limit.`,
    "Revoke some first.",
  ),
  "token/not_found": caller(404, "NOT_FOUND", (d) => `${d.deployment} has no client ${d.client}.`),
  "token/two_valid": caller(
    409,
    "FAILED_PRECONDITION",
    (d) =>
      `Client ${d.client} of ${d.deployment} has two valid tokens already; the older, ${d.hint}, goes on until ${d.endsAt}.`,
    "Wait until it ends, or revoke it first.",
  ),
  "token/ambiguous": caller(
    409,
    "FAILED_PRECONDITION",
    (d) => `${d.given} stands for more than one token of client ${d.client}.`,
    "Give the id of one of them.",
  ),
  "view/name_taken": caller(409, "ALREADY_EXISTS", (d) => `Everybody has a view named ${d.name}; choose another name.`),
  "view/too_many": caller(
    409,
    "RESOURCE_EXHAUSTED",
    (d) => `You keep ${d.limit} views of this page already, which is the most.`,
    "Remove one that is not needed.",
  ),
  "view/not_found": caller(404, "NOT_FOUND", () => "You keep no such view."),
  "sign_in/link_spent": caller(
    410,
    "FAILED_PRECONDITION",
    () => "This sign-in link was used already or is too old.",
    "Run: npx slipway login-link",
  ),
  "sign_in/refused": caller(
    401,
    "UNAUTHENTICATED",
    () => "That name and password, or that passkey, do not sign anybody in.",
    "Try again, or make a link: npx slipway login-link",
  ),
  "sign_in/too_often": caller(
    429,
    "RESOURCE_EXHAUSTED",
    (d) => `Too many tries to sign in. Try again in ${d.retryAfterSeconds} seconds.`,
  ),
  "account/wrong_password": caller(
    403,
    "PERMISSION_DENIED",
    () => "That is not the password until now.",
    "If it is lost, sign in by a new link: npx slipway login-link",
  ),
  "account/not_found": caller(404, "NOT_FOUND", (d) => `You have no ${d.what} ${d.id}.`),
  "logs/search_too_slow": caller(
    400,
    "INVALID_ARGUMENT",
    (d) => `The search took longer than ${d.limitMs / 1_000} s and was given up.`,
    "Search for plain text, or make the pattern simpler.",
  ),
  "logs/too_many_searches": platform(
    429,
    "RESOURCE_EXHAUSTED",
    (d) => `${d.limit} searches of logs wait already, which is the limit.`,
    "Try again in a moment.",
  ),
  "logs/timeout": platform(
    504,
    "DEADLINE_EXCEEDED",
    (d) => `The logs were not read within ${d.limitMs / 1_000} s.`,
    "Try again in a moment; others may be searching them.",
  ),
  "scheduler/timeout": platform(
    504,
    "DEADLINE_EXCEEDED",
    (d) => `The leading scheduler did not answer within ${d.limitMs / 1_000} s.`,
    "Try again in a moment.",
  ),
  "scheduler/no_leader": platform(
    503,
    "UNAVAILABLE",
    () => "No scheduler leads at the moment; the change is stored and will take effect when one does.",
  ),
  "scheduler/not_leader": platform(503, "UNAVAILABLE", (d) => `The leader is ${d.leader}.`),
  "scheduler/stale_epoch": platform(
    409,
    "FAILED_PRECONDITION",
    (d) => `Epoch ${d.given} is over; the current one is ${d.current}.`,
  ),
  "platform/disk_full": platform(
    507,
    "RESOURCE_EXHAUSTED",
    (d) =>
      `The platform's disk is nearly full: ${formatMemory(d.freeBytes)} are free, ${formatMemory(d.reserveBytes)} are kept for what runs.`,
    "Make room on the disk of the data directory and try again; everything that is deployed goes on serving.",
  ),
  "recorder/busy": platform(
    503,
    "UNAVAILABLE",
    (d) => `${d.limit} batches wait to be stored, which is the limit.`,
    "Send it again in a moment.",
  ),
  "placement/no_server": platform(
    503,
    "FAILED_PRECONDITION",
    (d) => `No server offers ${d.capability}.`,
    "Apply a Server whose capabilities include it.",
  ),
  "placement/unknown_server": caller(
    422,
    "FAILED_PRECONDITION",
    (d) => `There is no server ${d.server} that this group may use.`,
  ),
  "placement/no_replica": platform(
    503,
    "UNAVAILABLE",
    (d) => `Server ${d.server} has no replica that is ready.`,
    "Raise its replicas, or look at its events.",
  ),
  "placement/no_capacity": platform(
    503,
    "RESOURCE_EXHAUSTED",
    (d) =>
      `needs ${formatMemory(d.neededBytes)}; the roomiest replica of server ${d.server} has ${formatMemory(d.freeBytes)} free; raise its replicas with: slipway scale server ${d.server} --replicas N`,
  ),
  "placement/too_few_replicas": platform(
    503,
    "RESOURCE_EXHAUSTED",
    (d) => `${d.placed} of ${d.wanted} replicas are placed on server ${d.server}: ${d.reason}`,
  ),
  "placement/never_fits": caller(
    422,
    "RESOURCE_EXHAUSTED",
    (d) =>
      `needs ${formatMemory(d.neededBytes)}, more than the ${formatMemory(d.capacityBytes)} that a whole replica of server ${d.server} has; lower resources.memory or raise the server's resources.memory`,
  ),
  "placement/group_not_allowed": caller(
    422,
    "PERMISSION_DENIED",
    (d) => `Server ${d.server} does not take models of group ${d.group}.`,
    "Name the group in the server's allowedGroups, or use another server.",
  ),
  "placement/other_server": caller(
    422,
    "FAILED_PRECONDITION",
    (d) => `The model asks for server ${d.wanted}, not ${d.server}.`,
  ),
  "placement/sits_elsewhere": platform(
    503,
    "FAILED_PRECONDITION",
    (d) => `The replicas of a model sit on one server, and those of this one are on ${d.server}.`,
  ),
  "placement/capability": platform(
    503,
    "FAILED_PRECONDITION",
    (d) => `Replica ${d.replica} cannot load ${d.capability}.`,
  ),
  "placement/replica_not_ready": platform(503, "UNAVAILABLE", (d) => `Replica ${d.replica} is not ready: ${d.detail}`),
  "placement/replica_draining": platform(503, "UNAVAILABLE", (d) => `Replica ${d.replica} is on its way out.`),
  "placement/holds_one": platform(
    503,
    "RESOURCE_EXHAUSTED",
    (d) => `Replica ${d.replica} holds one replica of this model already.`,
  ),
  "placement/failed_here": platform(
    503,
    "UNAVAILABLE",
    (d) => `It failed on replica ${d.replica} a moment ago and will be tried again: ${d.detail}`,
  ),
  "placement/memory": platform(
    503,
    "RESOURCE_EXHAUSTED",
    (d) => `Needs ${formatMemory(d.neededBytes)}; replica ${d.replica} has ${formatMemory(d.freeBytes)} free.`,
  ),
  "rollout/update_failed": platform(
    503,
    "FAILED_PRECONDITION",
    (d) => `The last update failed and the version before it serves: ${d.detail}`,
    "Mend the spec and apply it again, or roll back.",
  ),
  "server/replicas_missing": platform(
    503,
    "UNAVAILABLE",
    (d) => `${d.ready} of ${d.wanted} replicas of server ${d.server} are ready: ${d.detail}`,
    "Look at the server's events and logs.",
  ),
  "server/cannot_shrink": platform(
    503,
    "FAILED_PRECONDITION",
    (d) => `Server ${d.server} keeps a replica that should go: ${d.models} of its models fit nowhere else.`,
    "Delete or shrink models, or raise the server's replicas again.",
  ),
  "artifact/scheme": caller(
    422,
    "INVALID_ARGUMENT",
    (d) => `The scheme ${d.scheme} is not built yet; allowed: ${d.allowed}.`,
  ),
  "artifact/not_allowed": caller(
    422,
    "PERMISSION_DENIED",
    (d) => `${d.uri} lies outside the folders that models may be read from.`,
    "Upload it with slipway apply FILE, or add its folder to SLIPWAY_MODEL_ROOTS.",
  ),
  "artifact/missing": caller(
    422,
    "NOT_FOUND",
    (d) => `There is no model at ${d.uri}.`,
    "Check the path, and that Slipway may read it.",
  ),
  "artifact/not_one_model": caller(
    422,
    "INVALID_ARGUMENT",
    (d) => `${d.uri} holds ${d.found} .onnx files; a folder must hold exactly one.`,
  ),
  "artifact/checksum": caller(
    422,
    "FAILED_PRECONDITION",
    (d) => `The artifact's SHA-256 is ${d.actual}, not ${d.expected} as the manifest says.`,
  ),
  "artifact/digest_of_part": caller(
    422,
    "FAILED_PRECONDITION",
    (d) =>
      `The digest given is of ${d.file} alone, which keeps weights in other files; that of all its files is ${d.actual}.`,
    "Apply the model once more with slipway apply, or state this digest as sha256.",
  ),
  "artifact/too_large": caller(
    422,
    "RESOURCE_EXHAUSTED",
    (d) => `The artifact is larger than the limit of ${formatMemory(d.limitBytes)}.`,
  ),
  "artifact/too_many_files": caller(
    422,
    "RESOURCE_EXHAUSTED",
    (d) => `The artifact's folder holds more files, or deeper folders, than the limit of ${d.limit} files allows.`,
  ),
  "artifact/escapes": caller(422, "PERMISSION_DENIED", (d) => `The path ${d.path} leads out of the artifact's folder.`),
  "artifact/no_space": platform(
    507,
    "RESOURCE_EXHAUSTED",
    (d) => `The artifact needs ${formatMemory(d.neededBytes)} on disk; ${formatMemory(d.freeBytes)} are free.`,
  ),
  "artifact/registry_unavailable": platform(
    503,
    "UNAVAILABLE",
    (d) => `The registry did not give the model: ${d.detail}`,
    "Check that the console runs, and that its agents are told where by SLIPWAY_REGISTRY_URL.",
  ),
  "registry/model_not_found": caller(404, "NOT_FOUND", (d) => `There is no registered model ${d.model}.`),
  "registry/version_not_found": caller(404, "NOT_FOUND", (d) => `${d.model} has no version ${d.version}.`),
  "registry/alias_not_found": caller(404, "NOT_FOUND", (d) => `${d.model} has no alias ${d.alias}.`),
  "registry/in_use": caller(
    409,
    "FAILED_PRECONDITION",
    (d) => `${d.what} is used by ${d.by}.`,
    "Let what uses it use another one first, or delete that.",
  ),
  "registry/not_a_model": caller(
    422,
    "INVALID_ARGUMENT",
    (d) => `This file is not an ONNX model that can be served: ${d.detail}`,
  ),
  "registry/upload_cut": caller(
    400,
    "INVALID_ARGUMENT",
    (d) => `The upload ended after ${d.receivedBytes} of ${d.expectedBytes} bytes; nothing was kept.`,
    "Send it again.",
  ),
  "registry/storage_failed": platform(
    503,
    "UNAVAILABLE",
    () => "The registry's storage cannot be read or written now.",
    "Check its disk: space, rights, and the folder in SLIPWAY_REGISTRY_DIR.",
  ),
  "registry/bytes_missing": platform(
    404,
    "NOT_FOUND",
    (d) => `The registry holds no bytes under the digest ${d.sha256}.`,
    "Bring them back from a backup, or upload the same file again.",
  ),
  "registry/bytes_removed": platform(
    503,
    "ABORTED",
    () => "Equal bytes were deleted from the registry while this upload was stored.",
    "Send it again.",
  ),
  "registry/read_cut": platform(
    503,
    "UNAVAILABLE",
    (d) => `The registry's storage broke off after ${d.receivedBytes} of ${d.expectedBytes} bytes.`,
    "Try again; look at the network and the storage behind the registry when it stays.",
  ),
  "registry/s3_no_bucket": platform(
    503,
    "FAILED_PRECONDITION",
    (d) => `The registry's bucket ${d.bucket} does not exist.`,
    "Make the bucket, or correct SLIPWAY_REGISTRY_S3_BUCKET of the console.",
  ),
  "registry/s3_denied": platform(
    503,
    "FAILED_PRECONDITION",
    (d) => `The registry's bucket ${d.bucket} refuses the console's credentials.`,
    "Check SLIPWAY_REGISTRY_S3_ACCESS_KEY_ID and its secret, and what they may do in the bucket.",
  ),
  "registry/s3_unreachable": platform(
    503,
    "UNAVAILABLE",
    () => "The registry's object store does not answer.",
    "Check SLIPWAY_REGISTRY_S3_ENDPOINT and SLIPWAY_REGISTRY_S3_REGION of the console, and the network between.",
  ),
  "registry/s3_failed": platform(
    503,
    "UNAVAILABLE",
    (d) => `The registry's object store refused a call: ${d.detail}.`,
    "Check SLIPWAY_REGISTRY_S3_REGION and the other settings of the object store.",
  ),
  "model/corrupt": caller(422, "INVALID_ARGUMENT", (d) => `The model cannot be loaded: ${d.detail}`),
  "model/external_data": caller(
    422,
    "PERMISSION_DENIED",
    (d) => `The model refers to data at ${d.path}, outside its own folder.`,
  ),
  "model/external_data_missing": caller(
    422,
    "NOT_FOUND",
    (d) => `The model keeps weights in ${d.path}, which is not beside it.`,
    "Put that file beside the model, then apply it again.",
  ),
  "model/load_timeout": caller(
    504,
    "DEADLINE_EXCEEDED",
    (d) => `The model did not load within ${d.limit}.`,
    "Raise limits.startTimeout.",
  ),
  "model/quarantined": caller(
    422,
    "FAILED_PRECONDITION",
    (d) =>
      `The model was loading or running in ${d.crashes} crashes of its model server and is quarantined, so that its neighbours serve.`,
    "Mend the model and apply it again.",
  ),
  "model/not_loaded": platform(421, "UNAVAILABLE", (d) => `Model ${d.model} is not on this replica.`),
  "model/unknown": caller(404, "NOT_FOUND", (d) => `There is no model ${d.model}.`),
  "model/not_ready": platform(503, "UNAVAILABLE", (d) => `Model ${d.model} is ${d.state}.`),
  "model/no_sample": caller(
    404,
    "NOT_FOUND",
    (d) => `Model ${d.model} has no sample: it answered no request that was made from its signature.`,
    "Give a request that it answers as model.sample in the manifest.",
  ),
  "model/failed": upstream(500, "INTERNAL", (d) => `The model failed: ${d.detail}`),
  "model/timeout": upstream(
    504,
    "DEADLINE_EXCEEDED",
    (d) => `The model did not answer within ${d.limitMs} ms, which was what the request had left.`,
    "Raise limits.timeout, or send fewer rows at once.",
  ),
  "model/too_busy": platform(
    429,
    "RESOURCE_EXHAUSTED",
    (d) => `${d.limit} requests wait for the model on this replica, which is the limit.`,
    "Try again, or raise replicas.",
  ),
  "model/crashed": upstream(500, "INTERNAL", (d) => `The model ended the process that ran it: ${d.detail}`),
  "model/hung": upstream(
    503,
    "UNAVAILABLE",
    (d) => `${d.runs} runs of the model did not end and were ended by force; it is quarantined, so that others serve.`,
    "Find the input that it does not end on, mend the model and apply it again.",
  ),
  "model/answer_too_large": caller(
    422,
    "RESOURCE_EXHAUSTED",
    (d) => `The answer would be larger than the limit of ${formatMemory(d.limitBytes)}.`,
    "Send fewer rows at once, ask for fewer outputs by name, or raise SLIPWAY_MODEL_SERVER_MAX_ANSWER_BYTES; gRPC carries the same numbers in fewer bytes.",
  ),
  "server/bodies_in_flight": platform(
    503,
    "RESOURCE_EXHAUSTED",
    (d) =>
      `Requests and answers on their way take all of the ${formatMemory(d.limitBytes)} that this replica has for them.`,
    "Try again in a moment, or send fewer rows at once.",
  ),
  "server/not_ready": platform(503, "UNAVAILABLE", (d) => `Server ${d.server} is not ready: ${d.detail}`),
  "tensor/missing": caller(400, "INVALID_ARGUMENT", (d) => `Input ${d.input} is missing.`),
  "tensor/unknown": caller(400, "INVALID_ARGUMENT", (d) => `The model has no input ${d.input}.`),
  "tensor/fixed": caller(
    400,
    "INVALID_ARGUMENT",
    (d) => `Input ${d.input} keeps the value that the model's file gives it; no other can be given.`,
    "Leave it out, or export the model with it as an input without a value.",
  ),
  "tensor/duplicate": caller(400, "INVALID_ARGUMENT", (d) => `Input ${d.input} is given twice.`),
  "tensor/unknown_output": caller(400, "INVALID_ARGUMENT", (d) => `The model has no output ${d.output}.`),
  "tensor/datatype": caller(
    400,
    "INVALID_ARGUMENT",
    (d) => `Input ${d.input} has datatype ${d.given}; the model takes ${d.expected}.`,
  ),
  "tensor/shape": caller(
    400,
    "INVALID_ARGUMENT",
    (d) => `Input ${d.input} has shape ${d.given}; the model takes ${d.expected}.`,
  ),
  "tensor/element_count": caller(
    400,
    "INVALID_ARGUMENT",
    (d) => `Input ${d.input} has ${d.given} values; its shape says ${d.expected}.`,
  ),
  "tensor/value": caller(
    400,
    "INVALID_ARGUMENT",
    (d) => `Value ${d.index} of input ${d.input} is ${d.given}; ${d.expected} is allowed.`,
  ),
  "tensor/non_finite_output": upstream(
    500,
    "INTERNAL",
    (d) => `Output ${d.output} holds NaN or Infinity, which JSON cannot carry.`,
    "Ask for it by gRPC, or check the model and its inputs.",
  ),
  "tensor/too_many_elements": caller(
    400,
    "INVALID_ARGUMENT",
    (d) => `Input ${d.input} has more than ${d.limit} values.`,
  ),
  "gateway/no_endpoint": caller(
    403,
    "PERMISSION_DENIED",
    (d) => `There is no deployment ${d.deployment} that this credential may call.`,
  ),
  "gateway/stopped": caller(
    503,
    "UNAVAILABLE",
    (d) => `Deployment ${d.deployment} is stopped.`,
    "Start it with: slipway start deployment NAME",
  ),
  "gateway/no_replica": platform(
    503,
    "UNAVAILABLE",
    (d) => `Deployment ${d.deployment} has no replica that is ready.`,
    "See why with: slipway explain deployment NAME",
  ),
  "gateway/too_busy": platform(
    429,
    "RESOURCE_EXHAUSTED",
    (d) => `Deployment ${d.deployment} has ${d.limit} requests in flight on each replica, which is its limit.`,
    "Try again, or raise replicas or limits.inFlightPerReplica.",
  ),
  "gateway/bodies_full": platform(
    429,
    "RESOURCE_EXHAUSTED",
    (d) => `The unanswered requests of ${d.whose} hold ${formatMemory(d.limitBytes)}, which is the limit.`,
    "Try again, or send fewer or smaller requests at once.",
  ),
  "gateway/timeout": upstream(
    504,
    "DEADLINE_EXCEEDED",
    (d) => `The model did not answer within ${d.limitMs} ms.`,
    "Raise limits.timeout, or send fewer rows at once.",
  ),
  "gateway/upstream_lost": platform(
    502,
    "UNAVAILABLE",
    (d) => `The replica of ${d.deployment} went away while it was answering.`,
    "Whether the model ran is not known; repeat if that is safe.",
  ),
  "gateway/draining": platform(503, "UNAVAILABLE", () => "The gateway is shutting down.", "Try again."),
  "gateway/starting": platform(
    503,
    "UNAVAILABLE",
    () => "The gateway has no route table yet.",
    "Try again in a moment.",
  ),
  "gateway/answer_too_large": upstream(
    502,
    "RESOURCE_EXHAUSTED",
    (d) => `The model's answer is larger than the limit of ${formatMemory(d.limitBytes)}.`,
    "Send fewer rows at once, or use the Open Inference path, which has no such limit.",
  ),
  "trial/no_gateway": platform(
    503,
    "UNAVAILABLE",
    () => "The gateway does not answer.",
    "Try again in a moment; see whether it runs with: slipway doctor",
  ),
  "trial/timeout": upstream(
    504,
    "DEADLINE_EXCEEDED",
    (d) => `No whole answer came within ${d.limitMs / 1_000} s, which is how long a try waits.`,
    "Send fewer rows, or call the deployment yourself; its own limit may be longer.",
  ),
  not_built_yet: caller(422, "UNIMPLEMENTED", (d) => `${d.what} is not built yet.`),
};
