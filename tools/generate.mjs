// npm run generate: code from proto/ and prisma/, the configuration tables of READMEs, and the command reference.
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
  for (const words of [[join(ROOT, "tools", "config-tables.mjs"), "--write"], [join(ROOT, "apps/cli/src/docs.ts")]]) {
    const { code } = await run(NODE, words, { inherit: true });
    if (code !== 0) return code;
  }
  return 0;
});
