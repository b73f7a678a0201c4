import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { createInferenceClient, type InferenceClient, InferenceHttpError } from "./client.ts";

/** A server under test, and a model that it can load. */
export type ModelServerUnderTest = {
  baseUrl: string;
  headers?: Readonly<Record<string, string>>;
  stop(): Promise<void>;
};
export type ContractModel = {
  /** Where the server finds it: a file, or a folder with exactly one. */
  path: string;
  /** The body of a request that it answers, and one whose tensor has a wrong last dimension. */
  request: string;
  wrongShape: string;
  /** Checks an answer to `request`. */
  expectAnswer(outputs: readonly { name: string; datatype: string; shape: readonly number[]; data: unknown[] }[]): void;
};

const answerBody = z.object({
  model_name: z.string(),
  id: z.string().optional(),
  outputs: z.array(
    z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.number()), data: z.array(z.unknown()) }),
  ),
});
const errorBody = z.object({ error: z.string().min(1) });

/** What every model server must promise that speaks the Open Inference Protocol with the repository API. */
export function describeModelServer(
  title: string,
  start: () => Promise<ModelServerUnderTest>,
  model: ContractModel,
): void {
  describe(`${title} keeps the contract of a model server`, () => {
    let server: ModelServerUnderTest;
    let client: InferenceClient;
    beforeAll(async () => {
      server = await start();
      client = createInferenceClient({ baseUrl: server.baseUrl, headers: server.headers ?? {} });
    });
    afterAll(async () => server.stop());

    test("it is live and ready before it holds a model", async () => {
      expect(await client.live()).toBe(true);
      expect(await client.ready()).toBe(true);
      expect(await client.index()).toEqual([]);
    });

    test("a model that is not held is not ready, and asking it for an answer is a 404 with a sentence", async () => {
      expect(await client.modelReady("nobody")).toBe(false);
      const answer = await client.inferRaw("nobody", model.request);
      expect(answer.status).toBe(404);
      expect(errorBody.safeParse(JSON.parse(answer.body)).success).toBe(true);
    });

    test("a load answers when the model serves, and the answer echoes the id", async () => {
      await client.load("one", { version: "1", path: model.path });
      expect(await client.modelReady("one")).toBe(true);
      expect(await client.index()).toContainEqual(expect.objectContaining({ name: "one", state: "READY" }));
      const body = JSON.stringify({ ...JSON.parse(model.request), id: "request-7" });
      const answer = await client.inferRaw("one", body);
      expect(answer.status).toBe(200);
      const parsed = answerBody.parse(JSON.parse(answer.body));
      expect(parsed.id).toBe("request-7");
      model.expectAnswer(parsed.outputs);
    });

    test("metadata names every input and output with datatype and shape", async () => {
      await client.load("described", { version: "1", path: model.path });
      const metadata = await client.metadata("described");
      expect(metadata.name).toBe("described");
      expect(metadata.inputs.length).toBeGreaterThan(0);
      expect(metadata.outputs.length).toBeGreaterThan(0);
    });

    test("two versions of one name serve side by side, and unloading one leaves the other", async () => {
      await client.load("two", { version: "1", path: model.path });
      await client.load("two", { version: "2", path: model.path });
      expect(await client.modelReady("two", { version: "1" })).toBe(true);
      expect(await client.modelReady("two", { version: "2" })).toBe(true);
      await client.unload("two", { version: "1" });
      expect(await client.modelReady("two", { version: "1" })).toBe(false);
      expect((await client.inferRaw("two", model.request, { version: "2" })).status).toBe(200);
    });

    test("a load of what is loaded already changes nothing", async () => {
      await client.load("again", { version: "1", path: model.path });
      await client.load("again", { version: "1", path: model.path });
      expect((await client.index()).filter((entry) => entry.name === "again")).toHaveLength(1);
    });

    test("after an unload the model is gone from index and readiness, and can be loaded again", async () => {
      await client.load("gone", { version: "1", path: model.path });
      await client.unload("gone");
      expect(await client.modelReady("gone")).toBe(false);
      expect((await client.index()).some((entry) => entry.name === "gone")).toBe(false);
      await client.load("gone", { version: "1", path: model.path });
      expect((await client.inferRaw("gone", model.request)).status).toBe(200);
    });

    test("an unload of what is not held is an error and changes nothing", async () => {
      const before = await client.index();
      await expect(client.unload("never-loaded")).rejects.toThrow(InferenceHttpError);
      expect(await client.index()).toEqual(before);
    });

    test("a load that fails leaves every other model serving", async () => {
      await client.load("neighbour", { version: "1", path: model.path });
      await expect(client.load("broken", { version: "1", path: "/nowhere/model" })).rejects.toThrow(InferenceHttpError);
      expect(await client.modelReady("broken")).toBe(false);
      expect((await client.inferRaw("neighbour", model.request)).status).toBe(200);
    });

    test("a wrong shape is the caller's error and disturbs nobody", async () => {
      await client.load("shaped", { version: "1", path: model.path });
      const answer = await client.inferRaw("shaped", model.wrongShape);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect((await client.inferRaw("shaped", model.request)).status).toBe(200);
    });
  });
}
