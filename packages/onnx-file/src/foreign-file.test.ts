import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { recognizeForeignFile } from "./foreign-file.ts";
import { doublingModel } from "./testing/models.ts";

const header = Buffer.from('{"weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}');
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(header.length));

test.each<[string, Buffer | string, string]>([
  ["nothing", "", "is empty"],
  [
    "a Git LFS pointer",
    "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 132735151\n",
    "git lfs pull",
  ],
  ["a page", "<!DOCTYPE html>\n<html><head><title>Sign in</title>", "HTML page"],
  ["a store's refusal", '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', "XML"],
  ["gzip", gzipSync(doublingModel()), "gzip"],
  ["Zstandard", zstdCompressSync(doublingModel()), "Zstandard"],
  ["a ZIP archive", Buffer.from("PK\u0003\u0004\u0014\0\0\0archive/data.pkl", "latin1"), "ZIP archive"],
  ["a pickle", Buffer.from("80049525000000000000008c16736b6c6561726e", "hex"), "pickle"],
  ["HDF5", Buffer.from("894844460d0a1a0a", "hex"), "HDF5"],
  ["safetensors", Buffer.concat([length, header]), "safetensors"],
  ["GGUF", "GGUF\u0003\0\0\0", "GGUF"],
  ["JSON", '{"inputs": []}', "JSON"],
  ["text", "this is not a model", "text file"],
])("%s is recognized by its first bytes, and the words say what to do", (_name, content, words) => {
  const bytes = Buffer.from(content);
  expect(recognizeForeignFile(bytes.subarray(0, 512), bytes.length)).toContain(words);
});

test("a model is taken for nothing else", () => {
  expect(recognizeForeignFile(doublingModel(), 100)).toBeNull();
});
