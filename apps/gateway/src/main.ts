import { runGateway } from "@slipway/gateway/run-gateway";

// biome-ignore lint/style/noProcessEnv: the one place where this process reads its environment
await runGateway(process.env);
