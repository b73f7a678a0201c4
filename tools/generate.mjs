// npm run generate: code from proto/ and prisma/, and the configuration tables of the processes' READMEs.
import { join } from "node:path";
import { generateCode } from "./lib/generate-code.mjs";
import { checkNode, installPackages } from "./lib/install.mjs";
import { NODE, ROOT } from "./lib/paths.mjs";
import { run } from "./lib/run.mjs";
import { runTool } from "./lib/steps.mjs";

await runTool(async () => {
  checkNode();
  await installPackages();
  await generateCode();
  const tables = await run(NODE, [join(ROOT, "tools", "config-tables.mjs"), "--write"], { inherit: true });
  return tables.code;
});
