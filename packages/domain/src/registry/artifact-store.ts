/** Bytes that lie in a store's waiting room: complete and hashed, but not yet part of the registry. */
export type ReceivedArtifact = {
  sha256: string;
  sizeBytes: number;
  /** A local file with them, to look into. */
  path: string;
  /** Makes them part of the registry under their digest; once there, equal bytes are not stored again. May be called twice. */
  keep(): Promise<void>;
  /** Removes what was not kept; after `keep` it does nothing. */
  discard(): Promise<void>;
};

export type ReceiveOptions = {
  limitBytes: number;
  /** How many bytes the sender announced; undefined = it did not say. */
  expectedBytes?: number | undefined;
  signal: AbortSignal;
};

/**
 * Where the registry keeps its bytes, by content. Whoever calls `keep` or `remove` holds the digest's lock in the database,
 * so that bytes which a version refers to never go.
 */
export type ArtifactStore = {
  /**
   * Takes bytes as they come, no faster than they can be stored; whatever ends it early leaves nothing.
   * @throws request/too_large, registry/upload_cut, registry/storage_failed, and what the source or the signal throws
   */
  receive(source: AsyncIterable<Uint8Array>, options: ReceiveOptions): Promise<ReceivedArtifact>;
  has(sha256: string): Promise<boolean>;
  /** Removes the bytes; those that are not there are fine. */
  remove(sha256: string): Promise<void>;
};
