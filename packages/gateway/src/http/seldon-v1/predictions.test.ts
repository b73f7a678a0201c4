import { afterEach, describe, expect, test, vi } from "vitest";
import { type ReplicaAnswer, type SeenRequest, startFakeReplica } from "../../testing/fake-replica.ts";
import { Bench, route, target } from "../../testing/test-gateway.ts";

const bench = new Bench();
afterEach(() => bench.cleanUp());

type Tensor = { name: string; datatype: string; shape: number[] };

/** A replica with a signature that answers every inference with the given outputs. */
function model(inputs: Tensor[], outputsJson: string): ReplicaAnswer {
  return ({ method }, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    if (method === "GET") response.end(JSON.stringify({ name: "iris", platform: "onnx", inputs, outputs: [] }));
    else response.end(`{"model_name":"iris","outputs":${outputsJson}}`);
  };
}

const IRIS = model(
  [{ name: "features", datatype: "FP32", shape: [-1, 4] }],
  `[{"name":"label","datatype":"INT64","shape":[2],"data":[0,9007199254740993]},
    {"name":"scores","datatype":"FP32","shape":[2,3],"data":[0.9,0.1,0,0,0.25,0.75]}]`,
);

async function served(answer: ReplicaAnswer, fields: Parameters<typeof route>[1] = {}, versions = ["v1"]) {
  const replica = await startFakeReplica(answer);
  bench.defer(() => replica.stop());
  const scheduler = await bench.scheduler();
  scheduler.set(
    route(
      versions.map((version) => target(replica.address, { version })),
      fields,
    ),
  );
  const gateway = await bench.gateway([scheduler.address]);
  await vi.waitFor(() => expect(gateway.gateway.ready().ready).toBe(true));
  const predict = async (body: string, own: Record<string, string> = {}) => {
    const url = `${gateway.url}/serve/default/iris/api/v1.0/predictions`;
    const response = await fetch(url, { method: "POST", body, headers: { "x-request-id": "req_of_caller", ...own } });
    return { status: response.status, text: await response.text() };
  };
  return { predict, replica };
}

const sentTo = (seen: SeenRequest[]) => seen.filter(({ method }) => method === "POST").map(({ body }) => body);

describe("a prediction of Seldon's first protocol", () => {
  test("given as ndarray goes to the model's input and comes back as ndarray of its scores", async () => {
    const { predict, replica } = await served(IRIS);
    const { status, text } = await predict('{"data":{"names":["a","b","c","d"],"ndarray":[[1,2,3,4],[5.5,6,7,8]]}}');
    expect(status).toBe(200);
    expect(sentTo(replica.seen)).toEqual([
      '{"id":"req_of_caller","inputs":[{"name":"features","shape":[2,4],"datatype":"FP32","data":[1,2,3,4,5.5,6,7,8]}]}',
    ]);
    expect(text).toBe(
      '{"data":{"names":["t:0","t:1","t:2"],"ndarray":[[0.9,0.1,0],[0,0.25,0.75]]},"meta":{"puid":"req_of_caller","requestPath":{"iris":"v1"},"tags":{"label":[0,9007199254740993]}}}',
    );
  });

  test("given as tensor comes back as tensor, and keeps the caller's puid", async () => {
    const { predict } = await served(IRIS);
    const body = '{"meta":{"puid":"mine"},"data":{"tensor":{"shape":[1,4],"values":[1,2,3,4]}}}';
    const { text } = await predict(body);
    expect(JSON.parse(text)).toMatchObject({
      data: { tensor: { shape: [2, 3], values: [0.9, 0.1, 0, 0, 0.25, 0.75] } },
      meta: { puid: "mine" },
    });
  });

  test("keeps whole numbers exact that a double cannot hold", async () => {
    const { predict, replica } = await served(
      model(
        [{ name: "id", datatype: "INT64", shape: [-1] }],
        '[{"name":"id","datatype":"INT64","shape":[1],"data":[1]}]',
      ),
    );
    await predict('{"data":{"ndarray":[9223372036854775807]}}');
    expect(sentTo(replica.seen)[0]).toContain('"data":[9223372036854775807]');
  });

  test("of a model with several inputs is split into columns by their names", async () => {
    const inputs = [
      { name: "age", datatype: "INT64", shape: [-1, 1] },
      { name: "sex", datatype: "BYTES", shape: [-1, 1] },
    ];
    const answer = model(inputs, '[{"name":"p","datatype":"FP32","shape":[2,1],"data":[0.5,0.5]}]');
    const { predict, replica } = await served(answer);
    expect((await predict('{"data":{"names":["sex","age"],"ndarray":[["m",33],["f",32]]}}')).status).toBe(200);
    expect(JSON.parse(sentTo(replica.seen)[0] ?? "").inputs).toEqual([
      { name: "age", shape: [2, 1], datatype: "INT64", data: [33, 32] },
      { name: "sex", shape: [2, 1], datatype: "BYTES", data: ["m", "f"] },
    ]);
    const unnamed = await predict('{"data":{"ndarray":[["m",33]]}}');
    expect([unnamed.status, JSON.parse(unnamed.text).error]).toEqual([400, expect.stringContaining("age, sex")]);
  });

  test.each([
    ["{", "request/malformed_json"],
    ["", "request/malformed_json"],
    ['{"data":{"ndarray":[NaN]}}', "request/malformed_json"],
    ["[1]", "request/invalid"],
    ["{}", "request/invalid"],
    ['{"strData":"x"}', "request/invalid"],
    ['{"binData":"eA=="}', "request/invalid"],
    ['{"jsonData":{}}', "request/invalid"],
    ['{"data":{"tftensor":{}}}', "request/invalid"],
    ['{"data":{}}', "request/invalid"],
    ['{"data":{"ndarray":1}}', "request/invalid"],
    ['{"data":{"ndarray":[[1,2],[3]]}}', "request/invalid"],
    ['{"data":{"ndarray":[[1,[2]]]}}', "request/invalid"],
    ['{"data":{"ndarray":[[{}]]}}', "request/invalid"],
    ['{"data":{"ndarray":[1],"tensor":{}}}', "request/invalid"],
    ['{"data":{"tensor":{"shape":[2],"values":[1]}}}', "request/invalid"],
    ['{"data":{"tensor":{"shape":[-1],"values":[]}}}', "request/invalid"],
    ['{"data":{"names":[1],"ndarray":[1]}}', "request/invalid"],
    [`{"data":{"ndarray":${"[".repeat(100)}${"]".repeat(100)}}}`, "request/too_deep"],
  ])("that cannot be understood is refused in words and asks no model: %s", async (body, code) => {
    const { predict, replica } = await served(IRIS);
    const { status, text } = await predict(body);
    expect([status, JSON.parse(text).code]).toEqual([400, code]);
    expect(replica.seen).toHaveLength(0);
  });

  test("is as large as the deployment allows, as over the Open Inference path", async () => {
    const { predict, replica } = await served(IRIS, { bodySizeBytes: 1_300_000n, timeoutMs: 60_000n });
    const numbers = (count: number) => `[${"1,".repeat(count - 1)}1]`;
    expect((await predict(`{"data":{"ndarray":[${numbers(600_000)}]}}`)).status).toBe(200);
    expect(sentTo(replica.seen)[0]).toContain(`"shape":[1,600000]`);
    // What is wrong with a large one is said in the same words.
    const uneven = await predict(`{"data":{"ndarray":[${numbers(600_000)},[1]]}}`);
    expect([uneven.status, JSON.parse(uneven.text)]).toMatchObject([
      400,
      { code: "request/invalid", field: "data.ndarray" },
    ]);
    const { status, text } = await predict(`{"data":{"ndarray":${numbers(700_000)}}}`);
    expect([status, JSON.parse(text).code]).toEqual([413, "request/too_large"]);
  }, 60_000);

  test("that is compressed is refused by name, as over the Open Inference path", async () => {
    const { predict } = await served(IRIS);
    const { status, text } = await predict("\x1f\x8b", { "content-encoding": "gzip" });
    expect([status, JSON.parse(text).code]).toEqual([415, "request/unsupported_media_type"]);
  });

  test("whose model does not answer in time ends with 504, and its work is cancelled", async () => {
    const { predict, replica } = await served(() => undefined, { timeoutMs: 300n });
    const late = await predict('{"data":{"ndarray":[1]}}');
    expect([late.status, JSON.parse(late.text).code]).toEqual([504, "gateway/timeout"]);
    await vi.waitFor(() => expect(replica.aborted).toBe(1));
  });

  test("asks one version for signature and inference, where the deployment has several", async () => {
    const { predict, replica } = await served(IRIS, {}, ["v1", "v2", "v3"]);
    for (let n = 0; n < 6; n += 1) expect((await predict('{"data":{"ndarray":[[1,2,3,4]]}}')).status).toBe(200);
    const versions = replica.seen.map(({ url }) => /versions\/(v\d)/.exec(url)?.[1]);
    expect(new Set(versions)).toEqual(new Set(["v1", "v2", "v3"]));
    for (let n = 0; n < versions.length; n += 2) expect(versions[n]).toBe(versions[n + 1]);
  });

  test("that the model refuses comes back with the model's own words", async () => {
    const { predict } = await served(({ method }, response) => {
      if (method === "GET") IRIS({ method, url: "", headers: {}, rawHeaders: [], body: "" }, response, 1);
      else response.writeHead(400, { "content-type": "application/json" }).end('{"code":"tensor/shape"}');
    });
    expect(await predict('{"data":{"ndarray":[[1]]}}')).toEqual({ status: 400, text: '{"code":"tensor/shape"}' });
  });
});
