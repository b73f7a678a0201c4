import { PassThrough, Readable, Writable } from "node:stream";
import { createTerminal, type Terminal } from "../terminal/terminal.ts";

/** A terminal that keeps what it is given; `isTTY` makes it one that a person sits before. */
export function memoryTerminal(options: { input?: string; isTTY?: boolean } = {}): Terminal & {
  printed(): string;
  noted(): string;
} {
  const isTTY = options.isTTY ?? false;
  const collect = () => {
    const pieces: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        pieces.push(String(chunk));
        done();
      },
    });
    return { stream: Object.assign(stream, { isTTY }), text: () => pieces.join("") };
  };
  const output = collect();
  const messages = collect();
  const source = isTTY ? new PassThrough() : Readable.from([options.input ?? ""]);
  if (source instanceof PassThrough) source.write(options.input ?? "");
  const input = Object.assign(source, { isTTY });
  return {
    ...createTerminal({ input, output: output.stream, messages: messages.stream }, { noColour: true }),
    printed: output.text,
    noted: messages.text,
  };
}
