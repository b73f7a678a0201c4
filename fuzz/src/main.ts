import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import type { Area } from "./area.ts";
import { AREAS } from "./areas/index.ts";
import { type AreaResult, replay, runArea } from "./run-area.ts";

const USAGE = `Usage: npm run fuzz [-- OPTIONS]
  --area NAME[,NAME]  only these areas: ${AREAS.map(({ name }) => name).join(", ")}
  --seed N            the same inputs again; another one each time if unsaid
  --count N           inputs of each area; a million and more in all if unsaid
  --short             as many inputs as npm test sends, and nothing that depends on time
  --keep-going        do not stop at the first broken invariant: one input of each kind
  --input BASE64      only this input`;

const { values } = parseArgs({
  options: {
    area: { type: "string" },
    seed: { type: "string" },
    count: { type: "string" },
    short: { type: "boolean", default: false },
    "keep-going": { type: "boolean", default: false },
    input: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);

function wanted(): readonly Area[] {
  if (values.area === undefined) return AREAS;
  return values.area.split(",").map((name) => {
    const found = AREAS.find((area) => area.name === name);
    if (found === undefined) throw new Error(`there is no area ${name}\n${USAGE}`);
    return found;
  });
}

/** Inputs are bytes; what is text is shown as text too. */
function show(area: string, { problem, seed, input }: Extract<AreaResult, { ok: false }>["failures"][number]): void {
  say(`\nBROKEN ${area}: ${problem}`);
  say(`  seed ${seed}; the whole batch again: npm run fuzz -- --area ${area} --seed ${seed} --count 1000`);
  if (input === null) return;
  const text = JSON.stringify(input.toString("latin1").slice(0, 1_500));
  say(`  input (${input.length} bytes): ${text}`);
  const encoded = input.toString("base64");
  say(encoded.length > 100_000 ? "  too long to show whole" : `  npm run fuzz -- --area ${area} --input '${encoded}'`);
}

async function runOne(area: Area, seed: number): Promise<boolean> {
  const count = values.count === undefined ? area.inputs[values.short ? "short" : "long"] : Number(values.count);
  const result =
    values.input === undefined
      ? await runArea(area, { seed, count, isStrict: !values.short, keepGoing: values["keep-going"] })
      : await replay(area, Buffer.from(values.input, "base64"));
  const rate = Math.round(result.inputs / Math.max(0.001, result.seconds));
  const figures = `${result.inputs} inputs, ${rate}/s, longest wait of another ${Math.round(result.longestWaitMs)} ms`;
  if (result.ok) say(`ok     ${area.name}: ${area.guarantee} (${figures})`);
  else for (const failure of result.failures) show(area.name, failure);
  inputs += result.inputs;
  return result.ok;
}

let inputs = 0;
if (values.help) {
  say(USAGE);
} else {
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  if (values.input === undefined) say(`seed ${seed}`);
  let broken = 0;
  for (const area of wanted()) if (!(await runOne(area, seed))) broken += 1;
  say(`${inputs} inputs, ${broken === 0 ? "every invariant held" : `${broken} areas with broken invariants`}`);
  process.exitCode = broken === 0 ? 0 : 1;
}
