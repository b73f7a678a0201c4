import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOG_SEARCHES_WAITING, type LogQuery } from "@slipway/contracts";
import { systemClock } from "@slipway/service-kit";
import { expect, onTestFinished, test } from "vitest";
import { appendLines, logLine, logSource } from "../testing/write-logs.ts";
import { LogDesk } from "./log-desk.ts";

const never = new AbortController().signal;

async function deskOf(...texts: string[]) {
  const folder = await mkdtemp(join(tmpdir(), "slipway-logs-"));
  const desk = new LogDesk(systemClock);
  onTestFinished(async () => {
    await desk.close();
    await rm(folder, { recursive: true, force: true });
  });
  const source = logSource(folder);
  for (const [at, text] of texts.entries()) appendLines(source.path, logLine(at + 1, text));
  const ask = (query: LogQuery, signal = never) => desk.ask({ sources: [source], modelUids: null, query }, signal);
  return { ask };
}

const PAGE: LogQuery = { want: "page", filter: {}, place: { at: "newest" }, limit: 10 };
const search = (text: string): LogQuery => ({
  ...{ want: "match", filter: {}, from: null, direction: "older" },
  search: { text, isPattern: true, isCaseSensitive: false },
});

test("what looks for nothing goes before searches that wait", async () => {
  const { ask } = await deskOf("one", "two");
  const order: string[] = [];
  const note = (name: string) => (answer: unknown) => {
    order.push(name);
    return answer;
  };
  await Promise.all([
    ask(search("first")).then(note("first search")),
    ask(search("second")).then(note("second search")),
    ask(PAGE).then(note("page")),
  ]);
  expect(order).toEqual(["first search", "page", "second search"]);
});

test("only some searches wait, the next one is refused, and whoever leaves makes room", async () => {
  const { ask } = await deskOf("one", "two");
  const leaving = new AbortController();
  const running = ask(search("running"));
  const left = ask(search("left"), leaving.signal);
  left.catch(() => undefined);
  const waiting = Array.from({ length: LOG_SEARCHES_WAITING - 1 }, () => ask(search("one")));
  // Nothing was waited for until here, so all of them still wait.
  const refused = ask(search("too many"));
  leaving.abort(new Error("left"));
  await expect(refused).rejects.toMatchObject({ code: "logs/too_many_searches" });
  await expect(left).rejects.toThrow("left");
  await Promise.all([running, ...waiting, ask(search("two")), ask(PAGE)]);
});

test("a pattern that tries endlessly is given up and the questions after it are answered", async () => {
  const folder = await mkdtemp(join(tmpdir(), "slipway-logs-"));
  const desk = new LogDesk(systemClock);
  onTestFinished(async () => {
    await desk.close();
    await rm(folder, { recursive: true, force: true });
  });
  const source = logSource(folder);
  appendLines(source.path, logLine(1, `${"a".repeat(60)}!`));
  const ask = (text: string, isPattern: boolean) => {
    const search = { text, isPattern, isCaseSensitive: false };
    const query: LogQuery = { want: "match", filter: {}, search, from: null, direction: "older" };
    return desk.ask({ sources: [source], modelUids: null, query }, never);
  };
  const endless = ask("(a+)+$", true);
  const plain = ask("aaa", false);
  await expect(endless).rejects.toMatchObject({ code: "logs/search_too_slow" });
  expect(await plain).toMatchObject({ match: { count: 1 } });
  await expect(ask("(", true)).rejects.toMatchObject({ code: "request/invalid", field: "search" });
});
