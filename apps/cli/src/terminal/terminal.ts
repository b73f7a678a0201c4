import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import picocolors from "picocolors";

export type Colours = ReturnType<typeof picocolors.createColors>;

/** Where a command reads and writes. Answers go to `print`, everything about them to `note`, so that output can be piped. */
export type Terminal = {
  /** A line of the answer (standard output). */
  print(line: string): void;
  /** A line for people (standard error). */
  note(line: string): void;
  /** Text as it is, without an end of line (standard output). */
  write(text: string): void;
  /** Says how far something is: replaces the last one on a terminal, else a line of its own. */
  progress(line: string): void;
  /** Ends the line that `progress` keeps replacing. */
  endProgress(): void;
  /** All of standard input. */
  readAll(): Promise<string>;
  /** One line from a person; only where `isInteractive`. */
  ask(question: string, signal: AbortSignal): Promise<string>;
  /** From now on output that cannot be written is lost, and the command goes on: its work is another than to tell of it. */
  outliveOutput(): void;
  /** Whether somebody sits before it: input and messages are a terminal. */
  readonly isInteractive: boolean;
  /** For the answer. */
  readonly colours: Colours;
  /** For messages. */
  readonly noteColours: Colours;
};

export type TerminalStreams = {
  input: Readable & { isTTY?: boolean | undefined };
  output: Writable & { isTTY?: boolean | undefined };
  messages: Writable & { isTTY?: boolean | undefined };
};

export type TerminalOptions = {
  noColour: boolean;
  /** Called when output cannot be written any more. */
  onBroken?: () => void;
};

/** The terminal of this process, or any three streams. Colour only where it is a terminal and nobody objects. */
export function createTerminal(streams: TerminalStreams, options: TerminalOptions): Terminal {
  const { input, output, messages } = streams;
  const rewrites = messages.isTTY === true;
  let open = false;
  let onBroken = options.onBroken ?? (() => undefined);
  for (const stream of new Set([output, messages])) stream.on("error", () => onBroken());
  const endProgress = () => {
    if (open) messages.write("\n");
    open = false;
  };
  return {
    print(line) {
      output.write(`${line}\n`);
    },
    note(line) {
      endProgress();
      messages.write(`${line}\n`);
    },
    write(piece) {
      output.write(piece);
    },
    progress(line) {
      messages.write(rewrites ? `\r\u001b[K${line}` : `${line}\n`);
      open = rewrites;
    },
    endProgress,
    readAll: () => text(input),
    async ask(question, signal) {
      const reader = createInterface({ input, output: messages });
      try {
        return await reader.question(question, { signal });
      } finally {
        reader.close();
      }
    },
    outliveOutput() {
      onBroken = () => undefined;
    },
    isInteractive: input.isTTY === true && rewrites,
    colours: picocolors.createColors(output.isTTY === true && !options.noColour),
    noteColours: picocolors.createColors(rewrites && !options.noColour),
  };
}
