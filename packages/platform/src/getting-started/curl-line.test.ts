import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { curlLine } from "./curl-line.ts";

const hasCurl = await promisify(execFile)("curl", ["--version"]).then(
  () => true,
  () => false,
);

test.skipIf(!hasCurl)(
  "the printed line sends token and body as they are, whatever is in them (needs curl)",
  async () => {
    const seen: unknown[] = [];
    const server = createServer(async (request, response) => {
      seen.push({ url: request.url, authorization: request.headers.authorization, body: await json(request) });
      response.end("{}");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const address = server.address();
      const port = address !== null && typeof address !== "string" ? address.port : 0;
      const body = { inputs: [{ data: ['it\'s $HOME `x` \\ "quoted"'] }] };
      const line = curlLine({
        gatewayUrl: `http://127.0.0.1:${port}`,
        group: "default",
        deployment: "iris",
        token: "slw_x",
        body,
      });
      await promisify(execFile)("sh", ["-c", line]);
      expect(seen).toEqual([{ url: "/serve/default/iris/v2/models/iris/infer", authorization: "Bearer slw_x", body }]);
    } finally {
      server.close();
    }
  },
);
