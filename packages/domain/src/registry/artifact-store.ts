/** Bytes that lie in a store's waiting room: complete and hashed, but not yet part of the registry. */
export type ReceivedArtifact = {
  sha256: string;
  sizeBytes: number;
  /** A local file with them, to look into. */
  path: string;
  /**
   * Does the part of `keep` that takes as long as the bytes are many. Needs no lock; may be called again. What it leaves is
   * no version's until `keep`, and goes by `remove`.
   * @throws registry/storage_failed and the store's own codes, and what the signal throws
   */
  prepare(signal: AbortSignal): Promise<void>;
  /**
   * Makes them part of the registry under their digest, fast enough for a transaction; once there, equal bytes are not stored
   * again. May be called twice.
   * @throws registry/bytes_removed when somebody removed equal bytes since `prepare`, which is then to be called again
   */
  keep(): Promise<void>;
  /** Removes what was not kept; after `keep` it touches nothing of the registry. */
  discard(): Promise<void>;
};

export type ReceiveOptions = {
  limitBytes: number;
  /** How many bytes the sender announced; undefined = it did not say. */
  expectedBytes?: number | undefined;
  signal: AbortSignal;
};

export type ReadOptions = {
  /** The first byte wanted, from 0; less than the size. */
  start?: number;
  signal: AbortSignal;
};

/**
 * Where the registry keeps its bytes, by content. Whoever calls `keep` or `remove` holds the digest's lock in the database,
 * so that bytes which a version refers to never go. Errors of a store carry neither secrets nor what its other end said.
 */
export type ArtifactStore = {
  /**
   * Takes bytes as they come, no faster than they can be stored; whatever ends it early leaves nothing.
   * @throws request/too_large, registry/upload_cut, registry/storage_failed, and what the source or the signal throws
   */
  receive(source: AsyncIterable<Uint8Array>, options: ReceiveOptions): Promise<ReceivedArtifact>;
  /** How many bytes lie under a digest; null = none are there. */
  sizeOf(sha256: string): Promise<number | null>;
  /**
   * The bytes from `start` to the end, read no faster than they are taken.
   * @throws registry/bytes_missing at once; while they are read registry/read_cut when they end early, and what the signal throws
   */
  read(sha256: string, options: ReadOptions): Promise<AsyncIterable<Uint8Array>>;
  /** Removes the bytes; those that are not there are fine. */
  remove(sha256: string): Promise<void>;
};
