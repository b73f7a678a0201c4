/** What a deployment looked like at one moment, measured by whoever leads. */
export type GaugeSample = {
  deploymentUid: string;
  atMs: number;
  replicasReady: number;
  replicasWanted: number;
  /** Processor time of the model servers that hold it since the sample before; null when that is not known. */
  cpuMs: number | null;
  /** Time between the two samples; null when there was none before. */
  cpuOverMs: number | null;
  /** Memory that its models took when they were loaded, on all replicas; null when none was measured. */
  memoryBytes: number | null;
};
