import { expect, test } from "vitest";
import { createCallBatcher } from "./call-batcher.ts";
import { CallError, isSignedOut } from "./call-error.ts";

/** An API that answers what `answer` says to the paths of each request, and what was sent to it. */
function setUp(answer: (paths: string[]) => unknown) {
  const sent: { url: string; init: RequestInit | undefined }[] = [];
  const call = createCallBatcher("/api/trpc", async (input, init) => {
    const url = new URL(String(input), "http://console");
    sent.push({ url: `${url.pathname}${url.search}`, init });
    return Response.json(answer(url.pathname.slice("/api/trpc/".length).split(",")));
  });
  return { call, sent };
}
const echo = (paths: string[]) => paths.map((path) => ({ result: { data: path } }));

test("queries of one moment go as one request, each with its own input, and each gets its own answer", async () => {
  const { call, sent } = setUp(echo);
  const answers = [
    call("query", "group.list", undefined),
    call("query", "token.list", { name: "a&b" }),
    call("mutation", "resource.start", { name: "iris" }),
  ];
  expect(await Promise.all(answers)).toEqual(["group.list", "token.list", "resource.start"]);
  expect(sent).toHaveLength(2);
  const query = new URL(sent[0]?.url ?? "", "http://console");
  expect(query.pathname).toBe("/api/trpc/group.list,token.list");
  expect(query.searchParams.get("batch")).toBe("1");
  expect(JSON.parse(query.searchParams.get("input") ?? "")).toEqual({ 1: { name: "a&b" } });
  expect(sent[1]?.init).toMatchObject({ method: "POST", body: '{"0":{"name":"iris"}}' });
});

test("what one call fails with is its own, in the API's words", async () => {
  const data = { httpStatus: 401, error: { error: "Sign in.", code: "auth/missing", requestId: "r" } };
  const { call } = setUp(() => [{ result: { data: 1 } }, { error: { message: "Sign in.", data } }]);
  const [fine, failed] = await Promise.allSettled([call("query", "a.b", {}), call("query", "c.d", {})]);
  expect(fine).toMatchObject({ value: 1 });
  expect(failed).toMatchObject({ reason: { message: "Sign in.", data } });
  expect(isSignedOut(failed?.status === "rejected" ? failed.reason : null)).toBe(true);
});

test("no answer, or one of something else than the API, fails every call without words of the API", async () => {
  for (const send of [
    () => Promise.reject(new TypeError("secret internals")),
    async () => new Response("<h1>502</h1>"),
    async () => Response.json({ error: "starting" }),
    async () => Response.json([]),
  ]) {
    const call = createCallBatcher("/api/trpc", send);
    for (const each of await Promise.allSettled([call("query", "a.b", {}), call("query", "c.d", {})])) {
      expect(each).toMatchObject({ status: "rejected", reason: { data: null } });
      expect(each.status === "rejected" && each.reason).toBeInstanceOf(CallError);
    }
  }
});

test("a call that is given up ends at once; the request ends when all of its calls are given up", async () => {
  const signals: (AbortSignal | null | undefined)[] = [];
  const call = createCallBatcher("/api/trpc", (_, init) => {
    signals.push(init?.signal);
    return new Promise(() => undefined);
  });
  const [one, two] = [new AbortController(), new AbortController()];
  const calls = [call("query", "a.b", {}, one.signal), call("query", "c.d", {}, two.signal)];
  await expect.poll(() => signals.length).toBe(1);
  one.abort();
  await expect(calls[0]).rejects.toMatchObject({ name: "AbortError" });
  expect(signals[0]?.aborted).toBe(false);
  two.abort();
  await expect(calls[1]).rejects.toMatchObject({ name: "AbortError" });
  expect(signals[0]?.aborted).toBe(true);
});

test("a call that is given up before it was sent is not sent", async () => {
  const { call, sent } = setUp(echo);
  const given = new AbortController();
  const abandoned = call("query", "a.b", {}, given.signal);
  const kept = call("query", "c.d", {});
  given.abort();
  await expect(abandoned).rejects.toMatchObject({ name: "AbortError" });
  expect(await kept).toBe("c.d");
  expect(sent.map(({ url }) => url.split("?")[0])).toEqual(["/api/trpc/c.d"]);
});
