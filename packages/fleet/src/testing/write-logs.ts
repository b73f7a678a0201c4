import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { LogSource } from "../logs/log-scope.ts";

/** The first moment of what these logs tell. */
export const LOG_START_MS = Date.UTC(2026, 0, 1);

/** A line as our loggers write it, some milliseconds after the start. */
export function logLine(afterMs: number, msg: string, rest: Record<string, unknown> = {}, level = "info"): string {
  const time = new Date(LOG_START_MS + afterMs).toISOString();
  return `${JSON.stringify({ level, time, pid: 7, hostname: "h", name: "model-server-onnx-0", ...rest, msg })}\n`;
}

export function appendLines(path: string, ...lines: string[]): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, lines.join(""));
}

/** Where the log of a process lies, of the model server of replica onnx-0 on a server of several tenants unless said. */
export function logSource(folder: string, overrides: Partial<LogSource> = {}): LogSource {
  const replica = overrides.replica ?? "onnx-0";
  const process = overrides.process ?? "model-server";
  const id = `${process}-${replica}`;
  return { id, path: `${folder}/${id}.log`, process, replica, isHere: true, isShared: true, ...overrides };
}
