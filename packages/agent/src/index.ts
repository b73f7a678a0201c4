export { inheritedEnvironment } from "@slipway/fleet";
export { type AgentDeps, createAgent } from "./agent.ts";
export { folderDigest } from "./artifacts/digest.ts";
export { type AgentConfig, agentSettings } from "./config.ts";
