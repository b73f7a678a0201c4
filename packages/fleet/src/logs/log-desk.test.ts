import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogQuery } from "@slipway/contracts";
import { systemClock } from "@slipway/service-kit";
import { expect, onTestFinished, test } from "vitest";
import { appendLines, logLine, logSource } from "../testing/write-logs.ts";
import { LogDesk } from "./log-desk.ts";

const never = new AbortController().signal;

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
