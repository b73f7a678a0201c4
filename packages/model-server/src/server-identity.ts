/** What the server calls itself in the protocol's metadata. */
export const SERVER_NAME = "slipway-onnx";
export const SERVER_VERSION = "0.1.0";
export const SERVER_EXTENSIONS = ["model_repository"];
