/**
 * onnxruntime reports to its maker from 1.30 on, also on Linux, unless this variable is set before its library is loaded.
 * What runs here is nobody else's business. Imported by the main thread before anything else: a worker thread's own
 * environment is a copy that native code does not see.
 */
// biome-ignore lint/style/noProcessEnv: the library reads its switch from the environment and has no other
process.env.ORT_DISABLE_TELEMETRY = "1";
