export { inheritedEnvironment } from "@slipway/fleet";
export { type AgentDeps, createAgent } from "./agent.ts";
export { type AgentConfig, agentSettings } from "./config.ts";
