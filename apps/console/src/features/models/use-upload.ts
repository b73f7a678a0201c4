import type { ModelVersionView } from "@slipway/contracts";
import { formatMemory } from "@slipway/contracts/format-memory";
import { useEffect, useRef, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import type { Failure } from "../../trpc/failure.ts";
import { uploadModel } from "./upload-model.ts";

export type UploadState = {
  /** Bytes on their way; null when nothing is. */
  sentBytes: number | null;
  failure: Failure | null;
  start: (file: File, name: string) => Promise<void>;
  cancel: () => void;
};

/**
 * Why a file is too large to be sent; null when it is not, or nobody says. Asked beforehand, for an answer that comes while a
 * browser still sends is lost.
 */
async function refusedBySize(file: File): Promise<Failure | null> {
  try {
    const { modelMaxBytes } = await trpc.registry.limits.query({});
    if (file.size <= modelMaxBytes) return null;
    const words = `${file.name} has ${formatMemory(file.size)}; an upload takes at most ${formatMemory(modelMaxBytes)}.`;
    return { code: "request/too_large", words, check: "Deploy it by its URI instead.", problems: [] };
  } catch {
    return null;
  }
}

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
      const tooLarge = await refusedBySize(file);
      if (tooLarge !== null || abort.signal.aborted) {
        running.current = null;
        setSentBytes(null);
        setFailure(tooLarge);
        return;
      }
      const result = await uploadModel({ file, group, name, onProgress: setSentBytes, signal: abort.signal });
      running.current = null;
      setSentBytes(null);
      if (result.ok === true) onDone(result.version);
      else if (result.ok === false) setFailure(result.failure);
    },
    cancel: () => running.current?.abort(),
  };
}
