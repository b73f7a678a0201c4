import type { ErrorBody, ModelVersionView } from "@slipway/contracts";
import type { Failure } from "../../trpc/failure.ts";
import { signInAgain } from "../session/sign-in-again.ts";

export type ModelUpload = {
  file: File;
  group: string;
  name: string;
  onProgress: (sentBytes: number) => void;
  signal: AbortSignal;
};

export type UploadResult = { ok: true; version: ModelVersionView } | { ok: false; failure: Failure } | { ok: null };

const CUT: Failure = {
  code: "",
  words: "The upload was cut off: Slipway does not answer.",
  check: "Nothing was kept. Try again; the file is still chosen.",
  problems: [],
};

/**
 * Sends a file to the registry and says how far it is, which `fetch` cannot. `ok` null = it was cancelled. Never throws.
 */
export function uploadModel({ file, group, name, onProgress, signal }: ModelUpload): Promise<UploadResult> {
  const query = new URLSearchParams({ group, filename: file.name });
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `/api/v1/registry/models/${encodeURIComponent(name)}/versions?${query}`);
    request.responseType = "text";
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = () => resolve(readAnswer(request.status, request.responseText));
    request.onerror = () => resolve({ ok: false, failure: CUT });
    request.onabort = () => resolve({ ok: null });
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

function readAnswer(status: number, text: string): UploadResult {
  if (status === 401) signInAgain();
  try {
    if (status === 200) {
      const version: ModelVersionView = JSON.parse(text);
      return { ok: true, version };
    }
    const { error, code, check = "", problems = [] }: ErrorBody = JSON.parse(text);
    return { ok: false, failure: { code, words: error, check, problems } };
  } catch {
    return { ok: false, failure: CUT };
  }
}
