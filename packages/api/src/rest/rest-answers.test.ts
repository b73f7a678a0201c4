import { type LogLine, type LogQuery, SlipwayError } from "@slipway/contracts";
import { createDb, type SchedulerPort } from "@slipway/domain";
import { testDatabase } from "@slipway/testkit";
import { expect, onTestFinished, test } from "vitest";
import { sealCursor } from "../routers/cursors.ts";
import { deployment, serveApi, TOKEN_KEY } from "../testing/serve-api.ts";

function port(overrides: Partial<SchedulerPort>): SchedulerPort {
  const refuse = () => Promise.reject(new SlipwayError("scheduler/no_leader", {}));
  return {
    explain: refuse,
    fit: refuse,
    replicas: refuse,
    awaitRouted: refuse,
    readLogs: refuse,
    ...overrides,
  };
}

test("a field that nobody knows is refused by name, so that no misspelt one is quietly left out", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  const misspelt = await call("POST", "/api/v1/deployments/iris/scale", { replicas: 2, versoin: 1 });
  expect(misspelt.status).toBe(400);
  expect(misspelt.body).toMatchObject({
    code: "request/invalid",
    field: "versoin",
    error: "versoin is not a known field.",
  });
  const wrong = await call("POST", "/api/v1/deployments/iris/scale", { replicas: -1, message: 5 });
  expect(wrong.body).toMatchObject({
    problems: expect.arrayContaining([
      { field: "replicas", message: "must be at least 0" },
      { field: "message", message: "must be a text" },
    ]),
  });
  expect((await call("POST", "/api/v1/deployments/iris/scale", {})).body).toMatchObject({
    error: "replicas is required.",
  });
});

test("a dry run answers like an apply and stores nothing", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  const answer = await call("POST", "/api/v1/apply", { manifest: deployment("iris"), dryRun: true });
  expect(answer.body).toMatchObject({ results: [{ change: "created", resource: { metadata: { name: "iris" } } }] });
  expect((await call("GET", "/api/v1/deployments/iris")).status).toBe(404);
});

test("a token's life over REST: shown once, listed without itself, its name taken, renewed, revoked", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db, scheduler: port({ awaitRouted: async () => undefined }) });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  const tokens = "/api/v1/deployments/iris/tokens?group=default";
  const created = await call("POST", tokens, { client: "app" });
  expect(created.body).toMatchObject({ client: "app", token: expect.stringMatching(/^slw_/), routed: true });
  const list = await call("GET", tokens);
  expect(list.body).toMatchObject({ items: [{ client: "app", hint: expect.stringContaining("…"), revokedAt: null }] });
  expect(list.text).not.toContain("token");
  expect((await call("POST", tokens, { client: "app" })).body).toMatchObject({ code: "token/name_taken" });
  expect((await call("POST", tokens, { client: "app", renew: true })).status).toBe(200);
  const revoked = await call("DELETE", "/api/v1/deployments/iris/tokens/app");
  expect(revoked.body).toMatchObject({ client: "app", routed: true, revokedAt: expect.any(String) });
  expect((await call("DELETE", "/api/v1/deployments/iris/tokens/app")).status).toBe(404);
});

/** A line as the leader gives it; its place in the log is its number. */
function logLine(place: number): LogLine {
  const of = { source: "model-server-onnx-0", replica: "onnx-0", run: null, level: "info", requestId: null } as const;
  return { ...of, id: `model-server-onnx-0:${place}`, atMs: place, text: `line ${place}`, isContinued: place === 3 };
}

/** Logs of the lines 0 to 9; a cursor is a number. What was asked is kept. */
function logsOf(asked: LogQuery[]): Pick<SchedulerPort, "readLogs"> {
  return {
    async readLogs(ref, query) {
      asked.push(query);
      if (ref.name === "unled") throw new SlipwayError("scheduler/no_leader", {});
      if (query.want === "volume") return { is: "volume", volume: { stepMs: 0, bars: [], count: 0, untimed: 0 } };
      if (query.want === "match") return { is: "match", match: { count: 2, position: 2, line: logLine(7).id } };
      const { place, limit } = query;
      const end = "before" in place ? Number(place.before) : 10;
      const isForward = "after" in place || ("at" in place && place.at === "oldest");
      const from = isForward ? Number("after" in place ? place.after : 0) : Math.max(0, end - limit);
      const to = isForward ? Math.min(10, from + limit) : end;
      const lines = Array.from({ length: to - from }, (_, n) => logLine(from + n));
      const older = from === 0 ? null : String(from);
      return { is: "page", page: { lines, older, newer: String(to), isEnd: to === 10, replicas: [], runs: [] } };
    },
  };
}

test("log lines come one JSON a line; an error before the first is an answer of its own", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db, scheduler: port(logsOf([])) });
  await call("POST", "/api/v1/apply", { manifest: `${deployment("iris")}\n---\n${deployment("unled")}` });
  const lines = await call("GET", "/api/v1/deployments/iris/logs?tail=7");
  expect(lines.headers.get("content-type")).toContain("application/x-ndjson");
  expect(lines.text).toBe([3, 4, 5, 6, 7, 8, 9].map((place) => `${JSON.stringify(logLine(place))}\n`).join(""));
  const refused = await call("GET", "/api/v1/deployments/unled/logs");
  expect([refused.status, refused.body]).toMatchObject([503, { code: "scheduler/no_leader" }]);
  expect((await call("GET", "/api/v1/deployments/nobody/logs")).status).toBe(404);
  expect((await call("GET", "/api/v1/deployments/iris/logs?tail=-1")).body).toMatchObject({ field: "tail" });
});

test("a whole log is downloaded as text in which a line that came in pieces is one", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db, scheduler: port(logsOf([])) });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  const { text, headers } = await call("GET", "/api/v1/deployments/iris/logs?tail=all&format=text&download=true");
  expect(headers.get("content-disposition")).toBe('attachment; filename="iris-logs.txt"');
  expect(text.split("\n").slice(2, 5)).toEqual([
    "1970-01-01T00:00:00.002Z model-server-onnx-0 line 2",
    "1970-01-01T00:00:00.003Z model-server-onnx-0 line 3line 4",
    "1970-01-01T00:00:00.005Z model-server-onnx-0 line 5",
  ]);
});

test("pages of log lines and matches are asked for by what the address says, and nonsense is refused by field", async () => {
  const { db } = await testDatabase();
  const asked: LogQuery[] = [];
  const { call } = await serveApi({ db, scheduler: port(logsOf(asked)) });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  const logs = "/api/v1/deployments/iris/log";
  const signed = (place: string) => sealCursor({ tokenKey: TOKEN_KEY }, "logs.page", place);
  const page = await call(
    "GET",
    `${logs}-lines?before=${signed("5")}&limit=2&replica=onnx-0,onnx-1&run=previous&level=warn`,
  );
  expect(page.body).toMatchObject({
    lines: [{ text: "line 3" }, { text: "line 4" }],
    older: signed("3"),
    newer: signed("5"),
  });
  const match = await call("GET", `${logs}-matches?search=a%2Bb&regex=true&since=2026-01-01T00:00:00Z&direction=newer`);
  expect(match.body).toEqual({ count: 2, position: 2, line: "model-server-onnx-0:7" });
  const volume = await call("GET", `${logs}-volume?search=b&level=error&bars=30`);
  expect(volume.body).toMatchObject({ stepMs: 0, bars: [] });
  expect(asked).toEqual([
    {
      want: "page",
      filter: { replicas: ["onnx-0", "onnx-1"], run: "previous", level: "warn" },
      place: { before: "5" },
      limit: 2,
    },
    {
      want: "match",
      filter: { sinceMs: Date.UTC(2026, 0, 1) },
      search: { text: "a+b", isPattern: true, isCaseSensitive: false },
      from: null,
      direction: "newer",
    },
    {
      want: "volume",
      filter: { level: "error", search: { text: "b", isPattern: false, isCaseSensitive: false } },
      bars: 30,
    },
  ]);
  expect((await call("GET", `${logs}-lines?since=yesterday`)).body).toMatchObject({ field: "since" });
  expect((await call("GET", `${logs}-lines?level=loud`)).body).toMatchObject({ field: "level" });
  expect((await call("GET", `${logs}-volume?bars=201`)).body).toMatchObject({ field: "bars" });
  expect((await call("GET", `${logs}-lines?before=1&after=2`)).status).toBe(400);
  expect((await call("GET", "/api/v1/deployments/nobody/log-lines")).status).toBe(404);
});

test("an error that nobody foresaw is a whole 500 that shows nothing of itself", async () => {
  const { db } = await testDatabase();
  const scheduler = port({ explain: () => Promise.reject(new Error("password=hunter2")) });
  const { call } = await serveApi({ db, scheduler });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  const answer = await call("GET", "/api/v1/deployments/iris/explain");
  expect(answer.status).toBe(500);
  expect(answer.body).toMatchObject({ code: "internal", requestId: expect.stringMatching(/^req_/) });
  expect(answer.text).not.toContain("hunter2");
});

test("a database that is away is a 503 in words, over REST and tRPC alike", async () => {
  const db = createDb("postgresql://slipway@127.0.0.1:1/slipway");
  onTestFinished(() => db.close());
  const { call } = await serveApi({ db });
  const answers = [
    await call("GET", "/api/v1/deployments"),
    await call("GET", "/api/v1/deployments/iris/revisions"),
    await call("POST", "/api/v1/apply", { manifest: deployment("iris") }),
    await call("GET", "/api/v1/status"),
  ];
  for (const { status, body } of answers) expect([status, body]).toMatchObject([503, { code: "database/unavailable" }]);
  const input = encodeURIComponent(JSON.stringify({ kind: "Deployment" }));
  const trpc = await call("GET", `/api/trpc/resource.list?input=${input}`);
  expect(trpc.status).toBe(503);
  expect(trpc.body).toMatchObject({
    error: { data: { error: { code: "database/unavailable", requestId: expect.any(String) } } },
  });
});

test("a name is checked whatever it is, also one that is a word of other addresses", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  expect((await call("GET", "/api/v1/names/deployments/iris?group=default")).body).toEqual({
    isFree: false,
    problem: "There is a deployment named iris already.",
    proposal: "iris-2",
  });
  for (const name of ["revisions", "events", "diff", "sample"]) {
    expect((await call("GET", `/api/v1/names/deployments/${name}`)).body).toMatchObject({ isFree: true });
  }
});

test("a preflight over REST places every problem, and names the fields that change with what that does", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  await call("POST", "/api/v1/apply", { manifest: deployment("iris") });
  const wrong = await call("POST", "/api/v1/preflight", { manifest: "kind: Toaster\napiVersion: slipway.dev/v1" });
  expect(wrong.body).toMatchObject({ problems: [{ field: "kind", position: { line: 1, column: 7 } }], changes: [] });
  const manifest = deployment("iris").replace("spec: {", "spec: { running: false,");
  expect((await call("POST", "/api/v1/preflight", { manifest })).body).toMatchObject({
    problems: [],
    changes: [{ change: "updated", fields: [{ field: "spec.running", before: true, after: false, impact: "stops" }] }],
  });
  const seen = await call("POST", "/api/v1/apply", { manifest, expected: [{ version: 0 }] });
  expect(seen).toMatchObject({ status: 409, body: { code: "resource/name_taken", field: "metadata.name" } });
});

test("where a model would fit is asked over REST; a memory that is none is refused at its field, before anybody is asked", async () => {
  const { db } = await testDatabase();
  const asked: unknown[] = [];
  const view = { fits: true, summary: "There is room.", neededBytes: 2 ** 31, wanted: 1, placeable: 1, servers: [] };
  const fit = async (question: unknown) => {
    asked.push(question);
    return view;
  };
  const { call } = await serveApi({ db, scheduler: port({ fit, replicas: async () => [] }) });
  const answered = await call("POST", "/api/v1/servers/fit", { memory: "2Gi", group: "mine" });
  expect(answered).toMatchObject({ status: 200, body: view });
  expect(asked).toEqual([{ group: "mine", memory: "2Gi", format: "onnx", replicas: 1 }]);
  const wrong = await call("POST", "/api/v1/servers/fit", { memory: "plenty" });
  expect(wrong).toMatchObject({ status: 400, body: { code: "request/invalid", field: "memory" } });
  expect(asked).toHaveLength(1);
  const nobody = await call("GET", "/api/v1/servers/onnx/replicas");
  expect(nobody).toMatchObject({ status: 404, body: { code: "resource/not_found" } });
});

test("what a kind may hold is there with every help text and default, also of what may be written as several types", async () => {
  const { db } = await testDatabase();
  const { call } = await serveApi({ db });
  const limits = { timeout: { default: "30s", description: "A request's deadline" }, bodySize: { default: "20Mi" } };
  expect((await call("GET", "/api/v1/schemas/deployments")).body).toMatchObject({
    properties: {
      limits: { properties: limits },
      scaling: { properties: { replicas: { default: 1, maximum: 1000 } } },
    },
  });
  expect((await call("GET", "/api/v1/schemas/toasters")).status).toBe(400);
});
