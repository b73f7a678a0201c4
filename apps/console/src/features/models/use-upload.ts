import type { ModelVersionView } from "@slipway/contracts";
import { useEffect, useRef, useState } from "react";
import type { Failure } from "../../trpc/failure.ts";
import { uploadModel } from "./upload-model.ts";

export type UploadState = {
  /** Bytes on their way; null when nothing is. */
  sentBytes: number | null;
  failure: Failure | null;
  start: (file: File, name: string) => Promise<void>;
  cancel: () => void;
};

/** One upload at a time. It ends with the page. */
export function useUpload(group: string, onDone: (version: ModelVersionView) => void): UploadState {
  const [sentBytes, setSentBytes] = useState<number | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  return {
    sentBytes,
    failure,
    async start(file, name) {
      if (running.current !== null) return;
      const abort = new AbortController();
      running.current = abort;
      setFailure(null);
      setSentBytes(0);
      const result = await uploadModel({ file, group, name, onProgress: setSentBytes, signal: abort.signal });
      running.current = null;
      setSentBytes(null);
      if (result.ok === true) onDone(result.version);
      else if (result.ok === false) setFailure(result.failure);
    },
    cancel: () => running.current?.abort(),
  };
}
