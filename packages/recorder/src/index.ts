export { type RecorderService, recorderService } from "./intake/serve-recorder.ts";
export { createRecorder, type Recorder, type RecorderDeps } from "./recorder.ts";
export type { GaugeSample } from "./rollups/gauge-sample.ts";
