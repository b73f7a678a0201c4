import { expect, test } from "vitest";
import { monitored } from "./disk-trouble.ts";
import { lineOutput } from "./line-output.ts";
import { createLogger } from "./logger.ts";

/** A file that takes what it is given until it is told not to, and then at most so many bytes of a write. */
function fragileFile() {
  const file = { text: "", fault: null as { code: string; after: number } | null };
  const write = (bytes: Uint8Array): number => {
    const { fault } = file;
    if (fault === null) {
      file.text += Buffer.from(bytes).toString();
      return bytes.length;
    }
    if (fault.after === 0) throw Object.assign(new Error(fault.code), { code: fault.code });
    const taken = Math.min(fault.after, bytes.length);
    fault.after -= taken;
    file.text += Buffer.from(bytes.subarray(0, taken)).toString();
    return taken;
  };
  return { file, output: lineOutput(-1, { name: "gateway", write }) };
}

for (const code of ["ENOSPC", "EIO", "EMFILE", "ENOMEM", "EPIPE", "EAGAIN"]) {
  test(`a log line that cannot be written is counted, never thrown, and told of by the next one (${code})`, () => {
    const { file, output } = fragileFile();
    const logger = createLogger("gateway", "info", output);
    const before = monitored.lostLogLines;
    logger.info("first");
    file.fault = { code, after: 0 };
    logger.info("lost");
    logger.fatal("lost too");
    expect(monitored.lostLogLines - before).toBe(2);
    file.fault = null;
    logger.info("last");
    const lines = file.text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: "first" },
      {
        level: "warn",
        name: "gateway",
        lostLines: 2,
        msg: `2 log lines could not be written before this one (${code}).`,
      },
      { msg: "last" },
    ]);
  });
}

test("after half a line the next one begins on a line of its own", () => {
  const { file, output } = fragileFile();
  file.fault = { code: "ENOSPC", after: 5 };
  output.write("0123456789\n");
  file.fault = null;
  output.write("whole\n");
  const lines = file.text.split("\n");
  expect(lines).toEqual(["01234", expect.stringContaining('"lostLines":1'), "whole", ""]);
});

test("a slow reader gets a line that it takes in parts whole", () => {
  let isAway = true;
  let text = "";
  const write = (bytes: Uint8Array): number => {
    isAway = !isAway;
    if (isAway) throw Object.assign(new Error("busy"), { code: "EAGAIN" });
    text += Buffer.from(bytes.subarray(0, 3)).toString();
    return Math.min(3, bytes.length);
  };
  lineOutput(-1, { name: "gateway", write }).write("0123456789\n");
  expect(text).toBe("0123456789\n");
});
