import { EventEmitter } from "node:events";
import { type InferResponse, parseInferRequest, type Tensor, writeInferResponse } from "@slipway/inference";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { NO_END } from "../execution/run-end.ts";
import { ByteShare, BytesInFlight } from "./bytes-in-flight.ts";
import { createCodec } from "./codec.ts";
import { packTensors, unpackTensors } from "./packed-tensors.ts";

const LIMIT = 4_194_304;
const lost: unknown[] = [];
const codec = createCodec({ maxAnswerBytes: LIMIT, onThreadLost: (error) => lost.push(error) });
afterAll(() => codec.stop());

const floats = (length: number): Tensor => ({
  name: "y",
  datatype: "FP32",
  shape: [length],
  data: Float32Array.from({ length }, (_, index) => index / 8),
});
const answer = (...outputs: Tensor[]): InferResponse => ({ modelName: "m", modelVersion: "1", id: "é", outputs });
const bodyOf = ({ name, datatype, shape, data }: Tensor) =>
  Buffer.from(
    `{"inputs":[{"name":"${name}","datatype":"${datatype}","shape":${JSON.stringify(shape)},"data":[${data}]}]}`,
  );

describe("what is read and written beside the serving thread", () => {
  test("is what the serving thread would read and write", async () => {
    const body = bodyOf(floats(50_000));
    expect(await codec.readJson(Buffer.from(body), NO_END)).toEqual(parseInferRequest(body));
    const texts = Array.from({ length: 40_000 }, (_, index) => (index % 3 === 0 ? "" : `😀${index}"`));
    const wholes = BigInt64Array.from({ length: 70 }, (_, index) => 2n ** 60n + BigInt(index));
    const outputs = (): Tensor[] => [
      floats(60_000),
      { name: "t", datatype: "BYTES", shape: [texts.length], data: texts },
      { name: "none", datatype: "FP64", shape: [0], data: new Float64Array(0) },
      { name: "i", datatype: "INT64", shape: [70], data: wholes.slice() },
      { name: "h", datatype: "FP16", shape: [2], data: Uint16Array.of(0x3c00, 0x8000) },
    ];
    const pieces = await codec.writeJson(answer(...outputs()), 1, NO_END);
    expect(Buffer.concat(pieces).toString()).toBe(writeInferResponse(answer(...outputs())));
  });

  test("leaves the serving thread to others meanwhile", async () => {
    const body = bodyOf(floats(400_000));
    let turns = 0;
    let isDone = false;
    const turn = () => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    await codec.readJson(body, NO_END);
    isDone = true;
    expect(turns).toBeGreaterThan(20);
  });

  test("leaves rows that share their memory with other rows to those", async () => {
    const all = Float32Array.of(1, 2, 3, 4);
    const rows = [all.subarray(0, 2), all.subarray(2)].map(
      (data) => ({ name: "y", datatype: "FP32", shape: [2], data }) as const,
    );
    const written = await Promise.all(rows.map((row) => codec.writeJson(answer(row), 1, NO_END)));
    expect(written.map((pieces) => JSON.parse(Buffer.concat(pieces).toString()).outputs[0].data)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test("meets the same errors, with the same field", async () => {
    const broken = Buffer.from('{"inputs":[{"name":"x","datatype":"INT8","shape":[2],"data":[1,999]}]}');
    await expect(codec.readJson(broken, NO_END)).rejects.toMatchObject({
      code: "tensor/value",
      field: "inputs.0.data.1",
      http: 400,
    });
    const notFinite = { name: "y", datatype: "FP32", shape: [1], data: Float32Array.of(Number.NaN) } as const;
    await expect(codec.writeJson(answer(notFinite), 1, NO_END)).rejects.toMatchObject({
      code: "tensor/non_finite_output",
    });
  });

  test("is refused above the limit of an answer, and one at the limit is not", async () => {
    const whole = writeInferResponse(answer(floats(300_000)));
    expect(whole.length).toBeLessThan(LIMIT);
    await expect(codec.writeJson(answer(floats(300_000)), 1, NO_END)).resolves.toBeDefined();
    for (const length of [700_000, 3_000_000]) {
      await expect(codec.writeJson(answer(floats(length)), 1, NO_END)).rejects.toMatchObject({
        code: "model/answer_too_large",
      });
    }
  });

  test("is not begun when nobody waits for it any more", async () => {
    const isGone = { atMs: Number.POSITIVE_INFINITY, limitMs: 0, isGone: () => true };
    await expect(codec.readJson(Buffer.from("{}"), isGone)).rejects.toMatchObject({ code: "request/cancelled" });
    const isLate = { atMs: 0, limitMs: 7, isGone: () => false };
    await expect(codec.readJson(Buffer.from("{}"), isLate)).rejects.toMatchObject({ code: "model/timeout" });
    expect(lost).toEqual([]);
  });
});

test("texts survive the way between threads exactly, however many they are, halves of surrogate pairs included", async () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 5 }),
    fc.constantFrom("", "\ud800", "\udc00", "\0", "😀"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 20 }), fc.constantFrom(1, 3, 1_000), async (some, times) => {
      const data = Array.from({ length: times }, () => some).flat();
      const { packed } = await packTensors(
        [{ name: "x", datatype: "BYTES", shape: [data.length], data }],
        () => undefined,
      );
      const [back] = await unpackTensors(structuredClone(packed), () => undefined);
      expect(JSON.stringify(back?.data)).toBe(JSON.stringify(data));
    }),
    { numRuns: 30, seed: 5 },
  );
});

test("bytes in flight never add up to more than the limit, and are given back however a request ends", () => {
  class Ending extends EventEmitter {
    destroyed = false;
    close() {
      this.destroyed = true;
      this.emit("close");
    }
  }
  const whole = new BytesInFlight(100);
  const [one, other] = [new Ending(), new Ending()];
  const [first, second] = [new ByteShare(whole, one), new ByteShare(whole, other)];
  first.take(60);
  second.take(30);
  expect(() => second.take(11)).toThrow(expect.objectContaining({ code: "server/bodies_in_flight", http: 503 }));
  expect(whole.used).toBe(90);
  one.close();
  expect(whole.used).toBe(30);
  expect(() => first.take(1)).toThrow(expect.objectContaining({ code: "request/cancelled" }));
  second.take(70);
  other.close();
  expect(whole.used).toBe(0);
});
