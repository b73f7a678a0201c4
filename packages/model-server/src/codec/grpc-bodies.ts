import { BinaryReader } from "@bufbuild/protobuf/wire";
import { type InferResponse, isText } from "@slipway/inference";
import type { ModelInferRequest } from "@slipway/rpc/inference";
import { HUGE_BYTES, LARGE_BYTES } from "./codec.ts";

const RAW_INPUT_CONTENTS = 7;

/**
 * Whether a message of an inference request is read in no time: it is small, or almost all of it are raw contents, which
 * lie in it as they are and need no look at each element.
 */
export function isQuicklyRead(message: Uint8Array): boolean {
  if (message.length < LARGE_BYTES) return true;
  try {
    const reader = new BinaryReader(message);
    let rawBytes = 0;
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      const start = reader.pos;
      reader.skip(wireType, field);
      if (field === RAW_INPUT_CONTENTS) rawBytes += reader.pos - start;
    }
    return message.length - rawBytes < LARGE_BYTES;
  } catch {
    return false;
  }
}

/** Whether raw contents hold many texts, which are not read in no time. */
export function hasManyTexts({ inputs, rawInputContents }: ModelInferRequest): boolean {
  let bytes = 0;
  for (let index = 0; index < rawInputContents.length; index += 1) {
    if (inputs[index]?.datatype === "BYTES") bytes += rawInputContents[index]?.length ?? 0;
  }
  return bytes >= LARGE_BYTES;
}

/** What an answer will roughly take: numbers as many bytes as in memory, texts their length. */
export function roughGrpcBytes({ outputs }: InferResponse): number {
  let bytes = 0;
  for (const { data } of outputs) {
    if (isText(data)) for (const text of data) bytes += text.length + 4;
    else bytes += data.byteLength;
  }
  return bytes;
}

/** Whether an answer is written in no time: raw numbers are copied and no more. */
export function isQuicklyWritten(
  { outputs }: InferResponse,
  form: "typed" | "raw",
  roughBytes: number,
  limitBytes: number,
) {
  if (roughBytes < LARGE_BYTES) return true;
  const isCopied = form === "raw" && !outputs.some(({ data }) => isText(data));
  return isCopied && roughBytes < Math.min(HUGE_BYTES, limitBytes);
}
