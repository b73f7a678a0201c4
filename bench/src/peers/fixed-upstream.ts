// Answers every HTTP/1.1 request on its connections with the same JSON: an upstream that costs next to nothing.
import { createServer } from "node:net";

const HEAD_END = Buffer.from("\r\n\r\n");
const BODY = '{"model_name":"iris","outputs":[{"name":"label","datatype":"INT64","shape":[1],"data":[0]}]}';
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
);

/** Bytes of the first request in the buffer; 0 when it is not complete. */
function requestLength(buffer: Buffer): number {
  const headEnd = buffer.indexOf(HEAD_END);
  if (headEnd < 0) return 0;
  const length = /\r\ncontent-length: *(\d+)/i.exec(buffer.toString("latin1", 0, headEnd))?.[1] ?? "0";
  const total = headEnd + HEAD_END.length + Number(length);
  return total <= buffer.length ? total : 0;
}

const server = createServer({ noDelay: true }, (socket) => {
  let pending: Buffer = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (let length = requestLength(pending); length > 0; length = requestLength(pending)) {
      pending = pending.subarray(length);
      socket.write(ANSWER);
    }
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1");
