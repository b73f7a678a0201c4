/**
 * Which workspaces a workspace may import, by folder name. What is not listed here is refused, and the table has no cycle.
 * Tests may import `testkit` as well. `never` holds along any chain of imports.
 * @type {Record<string, readonly string[]>}
 */
export const ARROWS = {
  contracts: [],
  "service-kit": [],
  ui: [],
  rpc: ["contracts", "service-kit"],
  "onnx-file": ["contracts"],
  inference: ["contracts", "rpc", "service-kit"],
  db: ["contracts", "service-kit"],
  domain: ["contracts", "db", "inference", "onnx-file", "service-kit"],
  api: ["contracts", "domain", "inference", "onnx-file", "rpc", "service-kit"],
  fleet: ["contracts", "service-kit"],
  recorder: ["contracts", "db", "rpc", "service-kit"],
  scheduler: ["contracts", "db", "domain", "fleet", "recorder", "rpc", "service-kit"],
  agent: ["contracts", "fleet", "inference", "onnx-file", "rpc", "service-kit"],
  "model-server": ["contracts", "inference", "onnx-file", "rpc", "service-kit"],
  gateway: ["contracts", "inference", "rpc", "service-kit"],
  platform: ["contracts", "db", "fleet", "service-kit"],
  testkit: ["contracts", "db", "platform", "service-kit"],
  "apps/agent": ["agent", "fleet", "service-kit"],
  "apps/cli": ["contracts", "inference", "onnx-file", "platform", "service-kit"],
  "apps/console": ["api", "contracts", "domain", "service-kit", "ui"],
  "apps/gateway": ["gateway", "service-kit"],
  "apps/model-server": ["model-server", "service-kit"],
  "apps/scheduler": ["scheduler", "service-kit"],
  bench: [
    "contracts",
    "db",
    "domain",
    "fleet",
    "gateway",
    "inference",
    "model-server",
    "onnx-file",
    "rpc",
    "scheduler",
    "service-kit",
    "testkit",
  ],
  fuzz: ["api", "contracts", "gateway", "inference", "model-server", "onnx-file", "rpc", "service-kit", "testkit"],
  e2e: ["contracts", "inference", "model-server", "onnx-file", "platform", "service-kit", "testkit"],
};

/** The data plane serves without a database, and the browser's code must not draw one in. */
export const NEVER = {
  db: ["agent", "gateway", "model-server", "inference", "rpc", "contracts", "service-kit", "ui", "fleet"],
};
