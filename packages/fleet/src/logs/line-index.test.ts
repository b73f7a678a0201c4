import { expect, test } from "vitest";
import { LEVEL_CODES, LineIndex, ModelNumbers, OF_NOBODY } from "./line-index.ts";

const MINE = "01990000-0000-7000-8000-000000000001";
const AT = "2026-01-02T03:04:05.678Z";

function indexOf(...texts: string[]) {
  const numbers = new ModelNumbers();
  const index = new LineIndex(0, numbers);
  index.add(Buffer.from(texts.map((text) => `${text}\n`).join("")));
  return { index, mine: numbers.find(MINE) };
}

test("time, severity and owner are the same however a line orders and surrounds them", () => {
  const texts = [
    `{"level":"error","time":"${AT}","pid":1,"hostname":"h","name":"n","model":"${MINE}","msg":"m"}`,
    `{"level":"error","time":"${AT}","modelUid":"${MINE}","msg":"m"}`,
    `{"level":"fatal","time":"${AT}","pid":1,"hostname":"a \\" b","name":"n","model":"${MINE}"}`,
    `{"msg":"m","model":"${MINE}","time":"2026-01-02T04:04:05.678+01:00","level":"error"}`,
  ];
  for (const text of texts) {
    const { index, mine } = indexOf(text);
    expect([index.time(0), index.level(0), index.owner(0)], text).toEqual([Date.parse(AT), LEVEL_CODES.error, mine]);
  }
});

test("a time that is none counts as unsaid, and no time goes back behind that of the line before", () => {
  const { index } = indexOf(
    `{"level":"info","time":"${AT}","model":"${MINE}"}`,
    `{"level":"info","time":"2026-13-02T03:04:05.678Z","model":"${MINE}"}`,
    `{"level":"info","time":"2026-01-02T03:04:99.678Z","model":"${MINE}"}`,
    `{"level":"info","time":"2025-01-02T03:04:05.678Z","model":"${MINE}"}`,
  );
  expect([0, 1, 2, 3].map((line) => index.time(line))).toEqual(Array(4).fill(Date.parse(AT)));
});

test("a line that ends before it says whose it is does not become that of the next one's owner", () => {
  const { index } = indexOf(
    `{"level":"info","time":"${AT}","pid":1,"hostname":"half`,
    `","name":"n","model":"${MINE}"}`,
    `{"level":"info","time":"${AT}"`,
    `,"model":"${MINE}"}`,
  );
  expect([0, 1, 2, 3].map((line) => index.owner(line))).toEqual(Array(4).fill(OF_NOBODY));
});
