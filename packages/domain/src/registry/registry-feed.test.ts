import { scalingModel } from "@slipway/onnx-file/testing/models";
import { systemClock } from "@slipway/service-kit";
import { until } from "@slipway/testkit";
import { expect, onTestFinished, test } from "vitest";
import { deleteResource } from "../resource/delete-resource.ts";
import { finishDelete } from "../resource/finish-delete.ts";
import { createResourceWatch, type ResourceNews } from "../resource/resource-watch.ts";
import { scaleResource } from "../resource/scale-resource.ts";
import { deploymentOf, registry } from "../testing/registry-fixture.ts";
import { deleteModel, deleteVersion } from "./delete-version.ts";
import { describeModel, setSample } from "./describe-model.ts";
import { deleteAlias, setAlias } from "./move-alias.ts";

const IRIS = { group: "default", model: "iris" };

/** A registry, and what somebody who looks at everything hears of it. */
async function followed() {
  const fixture = await registry();
  const watch = createResourceWatch({
    ...{ db: fixture.db, clock: systemClock, random: Math.random },
    onError: (error) => {
      throw error;
    },
  });
  const ending = new AbortController();
  await watch.start(ending.signal);
  const news: ResourceNews[] = [];
  const reading = (async () => {
    for await (const one of watch.follow({ group: "*" }, ending.signal)) news.push(one);
  })();
  onTestFinished(async () => {
    ending.abort();
    await reading;
    await watch.stop(new AbortController().signal);
  });
  await until(() => watch.ready().ready && news.length > 0);
  return {
    ...fixture,
    news,
    /** Does something and gives the models that were told of until then; a last upload of another model says that all was. */
    async told(name: string, work: () => Promise<unknown>): Promise<string[]> {
      const from = news.length;
      await work();
      await fixture.push(scalingModel(1), { model: name });
      const models = () =>
        news.slice(from).flatMap((one) => (one.type === "models" ? one.models.map((model) => model.name) : []));
      await until(() => models().includes(name));
      return models().filter((one) => one !== name);
    },
  };
}

test("every write of the registry is told to who follows, and no model is taken for a resource that is gone", async () => {
  const { told, push, ctx, news } = await followed();
  const writes: [string, () => Promise<unknown>][] = [
    ["upload", () => push(scalingModel(2))],
    ["another", () => push(scalingModel(3))],
    ["describe", () => describeModel(ctx, { ...IRIS, description: "flowers" })],
    ["alias", () => setAlias(ctx, { ...IRIS, alias: "live", version: 1 })],
    ["no-alias", () => deleteAlias(ctx, { ...IRIS, alias: "live" })],
    ["sample", () => setSample(ctx, { ...IRIS, version: 1, sample: null })],
    ["one-less", () => deleteVersion(ctx, { ...IRIS, version: 1 })],
    ["none", () => deleteModel(ctx, IRIS)],
  ];
  for (const [name, write] of writes) expect(await told(`after-${name}`, write), name).toEqual(["iris"]);
  expect(news.filter(({ type }) => type === "changed")).toEqual([]);
});

test("a model is told of when it is deployed elsewhere than before, and not for what else becomes of a deployment", async () => {
  const { told, push, apply, ctx, scheduler, lead } = await followed();
  await told("two-versions", () => push(scalingModel(2)).then(() => push(scalingModel(3))));
  const write = (reference: string) => () => apply(deploymentOf(reference));
  expect(await told("a", write("name: iris, version: 1"))).toEqual(["iris"]);
  expect(await told("b", write("name: iris, version: 2"))).toEqual(["iris"]);
  const ref = { kind: "Deployment", group: "default", name: "flowers" } as const;
  expect(await told("c", () => scaleResource(ctx, { ref, replicas: 2, source: "api" }))).toEqual([]);
  const { metadata } = await deleteResource(ctx, { ref });
  expect(await told("d", () => lead((tx) => finishDelete(tx, scheduler, [metadata.uid])))).toEqual(["iris"]);
});
