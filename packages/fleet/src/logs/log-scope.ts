import type { ReplicaKey } from "../driver.ts";

/** Whose lines somebody may read, decided by whoever knows who holds what. */
export type LogScope = {
  replicas: readonly {
    key: ReplicaKey;
    /** Whether it holds the object now; of one that does not, lines are shown for as long as it did. */
    isHere: boolean;
    /** Whether other tenants' models are on it, so that a line which says nothing of whose it is stays unseen. */
    isShared: boolean;
  }[];
  /** Uids of the models whose lines may be seen; null = every line, of a server that belongs to the reader. */
  modelUids: readonly string[] | null;
};

/** One process's log that is to be read. */
export type LogSource = {
  /** `model-server-onnx-0`; unique in the data directory. */
  id: string;
  path: string;
  process: "agent" | "model-server";
  /** `onnx-0` */
  replica: string;
  isHere: boolean;
  isShared: boolean;
};
