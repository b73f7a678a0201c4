import { createServer } from "node:http";
import { InferenceSession, Tensor } from "onnxruntime-node";
import * as z from "zod";

/**
 * The bare baseline: node:http and onnxruntime in one process, no validation, no metrics, no names. Knows one model
 * with one float input. Run as: node bare-onnx-server.ts MODEL PORT
 */
const [, , modelFile = "", port = "0"] = process.argv;
const session = await InferenceSession.create(modelFile, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const [inputName = ""] = session.inputNames;
const request = z.object({ inputs: z.array(z.object({ shape: z.array(z.number()), data: z.array(z.number()) })) });

createServer((incoming, response) => {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("end", async () => {
    try {
      const body: z.infer<typeof request> = JSON.parse(Buffer.concat(chunks).toString());
      const [input] = body.inputs;
      const feeds = { [inputName]: new Tensor("float32", Float32Array.from(input?.data ?? []), input?.shape ?? []) };
      const results = await session.run(feeds);
      const outputs = Object.entries(results).map(([name, tensor]) => ({
        name,
        shape: tensor.dims,
        data: plain(tensor.data),
      }));
      const text = JSON.stringify({ model_name: "iris", outputs });
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
      response.end(text);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
}).listen(Number(port), "127.0.0.1");

/** Values that JSON can carry. */
function plain(values: Tensor["data"]): unknown[] {
  return values instanceof BigInt64Array || values instanceof BigUint64Array ? Array.from(values, Number) : [...values];
}
