import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

// Loaded before a process's program (node --import) in tests: while the file that SLIPWAY_BROKEN_DISK names says an error code,
// writing to files and opening them to write fail with it, as on a disk that is full or broken or with no file handle left.

// biome-ignore lint/style/noProcessEnv: runs before the program that it is loaded into
const control = process.env.SLIPWAY_BROKEN_DISK ?? "";
const { readFileSync } = fs;

function fault(): NodeJS.ErrnoException | null {
  let code: string;
  try {
    code = readFileSync(control, "utf8").trim();
  } catch {
    return null;
  }
  return code === "" ? null : Object.assign(new Error(`${code}: broken for a test`), { code });
}

function breakIt(): void {
  const error = fault();
  if (error !== null) throw error;
}

const isToWrite = (flags: unknown): boolean => flags !== undefined && flags !== "r" && flags !== fs.constants.O_RDONLY;
const original = { ...fs, promises: { ...fs.promises } };

Object.assign(fs, {
  writeSync(...args: Parameters<typeof fs.writeSync>) {
    breakIt();
    return Reflect.apply(original.writeSync, fs, args);
  },
  writeFileSync(...args: Parameters<typeof fs.writeFileSync>) {
    breakIt();
    return Reflect.apply(original.writeFileSync, fs, args);
  },
  renameSync(...args: Parameters<typeof fs.renameSync>) {
    breakIt();
    return Reflect.apply(original.renameSync, fs, args);
  },
  copyFileSync(...args: Parameters<typeof fs.copyFileSync>) {
    breakIt();
    return Reflect.apply(original.copyFileSync, fs, args);
  },
  openSync(...args: Parameters<typeof fs.openSync>) {
    if (isToWrite(args[1])) breakIt();
    return Reflect.apply(original.openSync, fs, args);
  },
});
Object.assign(fs.promises, {
  async writeFile(...args: Parameters<typeof fs.promises.writeFile>) {
    breakIt();
    return Reflect.apply(original.promises.writeFile, fs.promises, args);
  },
  async rename(...args: Parameters<typeof fs.promises.rename>) {
    breakIt();
    return Reflect.apply(original.promises.rename, fs.promises, args);
  },
  async open(...args: Parameters<typeof fs.promises.open>) {
    if (isToWrite(args[1])) breakIt();
    return Reflect.apply(original.promises.open, fs.promises, args);
  },
});
syncBuiltinESMExports();
