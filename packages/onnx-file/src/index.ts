export { artifactDigest, type HashedArtifact, hashArtifact } from "./artifact-digest.ts";
export { boundTime, type TimeBound } from "./bounded-time.ts";
export { DATATYPE_OF_ELEMENT, datatypeOf, type OnnxDatatype } from "./element-types.ts";
export { externalPaths } from "./external-paths.ts";
export type { GraphConstant, GraphNode, GraphValue, OnnxGraph } from "./graph.ts";
export {
  type LocatedArtifact,
  locateArtifact,
  MAX_ARTIFACT_FILES,
  type SourceFile,
} from "./locate-artifact.ts";
export { SAMPLE_KEY } from "./onnx-walk.ts";
export { type GraphReading, readGraphSync } from "./read-graph.ts";
export { type OnnxFile, type OnnxTensor, readOnnxFile, readOnnxFileSync } from "./read-onnx-file.ts";
export { followRows, type RowsApart } from "./rows/follow-rows.ts";
