import { basename, resolve } from "node:path";
import {
  DEFAULT_GROUP,
  fieldChange,
  fitView,
  MEMORY_RULE,
  memoryQuantity,
  NAME_PATTERN,
  type ResourceView,
  resourceView,
} from "@slipway/contracts";
import { hashArtifact, type LocatedArtifact } from "@slipway/onnx-file";
import * as z from "zod";
import { nameOf, readResource } from "../client/resources.ts";
import { findUploaded, uploadModel } from "../client/upload-model.ts";
import { CommandFailure, failure } from "../failure.ts";
import { chooseMemory } from "../manifest/choose-memory.ts";
import { type FoundModel, findModel, modelTitle } from "../manifest/find-model.ts";
import { type ManifestParts, makeManifest } from "../manifest/make-manifest.ts";
import { nameFromFile } from "../manifest/name-from-file.ts";
import {
  joinManifests,
  type ManifestFile,
  nameFiles,
  prepareManifest,
  readManifests,
} from "../manifest/read-manifests.ts";
import { parseRegisteredRef } from "../manifest/registered-ref.ts";
import { printFields } from "../terminal/print-fields.ts";
import { type CommandContext, verb, wholeNumber } from "./context.ts";

type Options = {
  filename?: string;
  group?: string;
  model?: string;
  name?: string;
  replicas?: number;
  memory?: string;
  inPlace?: true;
  dryRun?: true;
  message?: string;
};

const change = z.enum(["created", "updated", "retried", "unchanged"]);
const applied = z.object({ results: z.array(z.object({ resource: resourceView, change })) });
type Applied = z.output<typeof applied>["results"];
const checked = z.object({
  problems: z.array(z.object({ field: z.string(), message: z.string() })),
  changes: z.array(z.object({ kind: z.string(), name: z.string(), change, fields: z.array(fieldChange) })),
});
type Checked = z.output<typeof checked>;

/** `apply -f FILE|DIR|-`, `apply MODEL` or `apply --model NAME` */
export function applyCommand(context: CommandContext) {
  return verb("apply [model]", "Deploy a model, or make the platform hold what manifests say", [
    "apply ./iris.onnx",
    "apply ./iris.onnx --name flowers --replicas 2",
    "apply ./iris.onnx --in-place",
    "apply --model iris@live",
    "apply -f deployment.yaml",
    "apply -f manifests/ --dry-run",
    "apply -f - < deployment.yaml",
  ])
    .description(
      "Deploy a model, or make the platform hold what manifests say. MODEL is an .onnx file or a folder with exactly one, anywhere on this machine: it is uploaded to the registry, as a version of the model that is called like the deployment, and served from there. The same bytes are the same version. A model that keeps weights in other files is served from where it lies. All manifests take effect, or none.",
    )
    .option("-f, --filename <path>", "a manifest, a folder of manifests, or - for standard input")
    .option("--model <name>", "a model of the registry instead: NAME, NAME:VERSION or NAME@ALIAS, which it follows")
    .option("--name <name>", "name of the deployment of MODEL; else made of the file's or the model's name")
    .option("--replicas <number>", "how many replicas of MODEL serve", wholeNumber(0, 1000))
    .option(
      "--memory <quantity>",
      "what one replica of MODEL takes, such as 600Mi; else twice its files, at least 128Mi",
    )
    .option(
      "--in-place",
      "serve MODEL from where it lies instead of uploading it; the platform must be allowed to read there",
    )
    .option("-n, --group <name>", "group of objects whose manifest names none")
    .option("-m, --message <text>", "why; kept in the history")
    .option("--dry-run", "check everything and say what would happen, but change nothing")
    .action((model: string | undefined, options: Options) => apply(context, model, options));
}

async function apply(context: CommandContext, model: string | undefined, options: Options): Promise<void> {
  const given = [model, options.filename, options.model].filter((input) => input !== undefined);
  if (given.length > 1) throw failure("two_inputs", {});
  if (options.inPlace === true && model === undefined) throw failure("only_of_file", {});
  if (options.memory !== undefined && !memoryQuantity.safeParse(options.memory).success) {
    throw failure("bad_value", { what: "--memory", given: options.memory, rule: MEMORY_RULE });
  }
  if (options.model !== undefined) return applyRegistered(context, options.model, options);
  if (model !== undefined) return applyModel(context, resolve(context.workingDir, model), options);
  if (options.filename === undefined) throw failure("no_input", {});
  const path = options.filename === "-" ? "-" : resolve(context.workingDir, options.filename);
  const read = await readManifests(path, () => context.terminal.readAll());
  const files = read.map((file) => prepareManifest(file, options.group));
  await submit(context, files, options);
}

async function applyModel(context: CommandContext, path: string, options: Options): Promise<void> {
  const { terminal } = context;
  const found = await findModel(path);
  const name = deploymentName(options.name ?? nameFromFile(modelTitle(found)));
  const sha256 = await hashArtifact(found.artifact, context.signal);
  const loadedBytes = found.artifact.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const inPlace = { name, from: path, model: { path: found.path, sha256 }, loadedBytes };
  const [weights] = found.weights;
  if (weights !== undefined && options.inPlace !== true) {
    terminal.note(
      `The model keeps weights in ${weights}, and the registry takes one file: it is served from ${found.path}.`,
    );
  }
  if (weights !== undefined || options.inPlace === true) return submitModel(context, inPlace, options);
  const group = options.group ?? DEFAULT_GROUP;
  const alone = asFile(found);
  const sizeBytes = alone.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const { known, next } = await findUploaded(context.api(), {
    name,
    group,
    sha256: found.isFolder ? await hashArtifact(alone, context.signal) : sha256,
  });
  if (known === null && options.dryRun === true) {
    terminal.note(`${path} would be uploaded as version ${next} of registered model ${name}.`);
    return submitModel(context, inPlace, options, { isUploaded: true });
  }
  const upload = { name, group, file: found.file, filename: basename(found.file), description: options.message };
  const { version } = known ?? (await uploadModel(context, upload));
  const did = known === null ? "Uploaded as" : "These bytes are uploaded already:";
  terminal.note(`${did} version ${version} of registered model ${name}.`);
  const registered = { name, version };
  await submitModel(context, { name, from: path, model: { registered }, loadedBytes: sizeBytes }, options);
}

/** The model's file without its folder, as the registry keeps it. */
function asFile({ artifact, file }: FoundModel): LocatedArtifact {
  return { ...artifact, kind: "file", files: artifact.files.filter(({ source }) => source === file) };
}

async function applyRegistered(context: CommandContext, text: string, options: Options): Promise<void> {
  const registered = parseRegisteredRef(text);
  const name = deploymentName(options.name ?? registered.name);
  await submitModel(
    context,
    { name, from: `registered model ${text}`, model: { registered }, loadedBytes: null },
    options,
  );
}

function deploymentName(name: string): string {
  if (!NAME_PATTERN.test(name)) {
    throw failure("bad_value", {
      what: "--name",
      given: name,
      rule: "letters, digits and dashes are allowed, at most 63",
    });
  }
  return name;
}

type ModelToSubmit = Pick<ManifestParts, "name" | "model"> & {
  from: string;
  /** What a replica loads; null = the platform knows. */
  loadedBytes: number | null;
};

async function submitModel(
  context: CommandContext,
  { name, from, model, loadedBytes }: ModelToSubmit,
  options: Options,
  checked: { isUploaded?: true } = {},
): Promise<void> {
  const { terminal } = context;
  const group = options.group ?? DEFAULT_GROUP;
  const existing = await readExisting(context, name, group);
  const { memory, why } =
    loadedBytes === null
      ? { memory: options.memory ?? null, why: null }
      : chooseMemory(loadedBytes, { given: options.memory, existing });
  if (why !== null) terminal.note(why);
  if (memory !== null) await noteWhetherItFits(context, group, memory);
  const manifest = makeManifest({ name, group, model, replicas: options.replicas, memory, existing });
  const files = [{ file: from, text: manifest, documents: 1 }];
  // Its model would be the uploaded one, which has no version yet: all else of it can be checked.
  if (checked.isUploaded === true) return reportChecked(context, withoutModel(await check(context, manifest)));
  terminal.note(`Made this manifest of ${from}:\n`);
  terminal.note(terminal.noteColours.dim(manifest.replace(/^/gm, "  ").trimEnd()));
  terminal.note("");
  await submit(context, files, options);
}

/** Says that no replica can take a model of this size, before somebody waits for it. It is deployed all the same. */
async function noteWhetherItFits(context: CommandContext, group: string, memory: string): Promise<void> {
  try {
    const question = { method: "POST" as const, path: "/servers/fit", query: { group }, body: { memory } };
    const { fits, summary } = await context.api().call({ ...question, answer: fitView });
    if (!fits) context.terminal.note(`No replica has room for ${memory} now: ${summary}`);
  } catch (error) {
    // Without a leader nobody can tell; that is no reason not to apply.
    if (!(error instanceof CommandFailure)) throw error;
  }
}

async function readExisting(context: CommandContext, name: string, group: string): Promise<ResourceView | null> {
  try {
    const found = await readResource(context.api(), { kind: "Deployment", name, group });
    return found.metadata.deletedAt === null ? found : null;
  } catch (error) {
    if (error instanceof CommandFailure && error.exit === "notFound") return null;
    throw error;
  }
}

/** Sends manifests as one, to be applied or only to be checked. Throws with every problem named by its file. */
async function submit(context: CommandContext, files: readonly ManifestFile[], options: Options): Promise<void> {
  const manifest = joinManifests(files);
  try {
    if (options.dryRun === true) return reportChecked(context, await check(context, manifest));
    const { results } = await context.api().call({
      method: "POST",
      path: "/apply",
      body: { manifest, source: "cli", ...(options.message === undefined ? {} : { message: options.message }) },
      answer: applied,
    });
    reportApplied(context, results);
  } catch (error) {
    if (!(error instanceof CommandFailure) || error.problems.length === 0) throw error;
    throw error.withProblems(nameFiles(error.problems, files));
  }
}

async function check(context: CommandContext, manifest: string): Promise<Checked["changes"]> {
  const { problems, changes } = await context.api().call({
    method: "POST",
    path: "/preflight",
    body: { manifest },
    answer: checked,
  });
  if (problems.length === 0) return changes;
  throw new CommandFailure("The manifests would be refused.", { exit: "badInput", problems });
}

function withoutModel(changes: Checked["changes"]): Checked["changes"] {
  const isOfModel = (field: string) => field === "resolved" || field.includes(".model.");
  return changes.map((one) => ({ ...one, fields: one.fields.filter(({ field }) => !isOfModel(field)) }));
}

function reportChecked({ terminal }: CommandContext, changes: Checked["changes"]): void {
  for (const { kind, name, change, fields } of changes) {
    terminal.print(`${kind.toLowerCase()} ${name} would be ${change}`);
    printFields(terminal, fields);
  }
}

function reportApplied({ terminal }: CommandContext, results: Applied): void {
  for (const { resource, change } of results) {
    terminal.print(`${nameOf({ kind: resource.kind, name: resource.metadata.name })} ${change}`);
  }
  const [first] = results.filter(({ change }) => change !== "unchanged").map(({ resource }) => resource);
  if (first === undefined) return;
  const { name, group } = first.metadata;
  const inGroup = group === "default" ? "" : ` --group ${group}`;
  terminal.note(`See it come up: npx slipway wait ${nameOf({ kind: first.kind, name })} --for live${inGroup}`);
}
