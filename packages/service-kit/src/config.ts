import * as z from "zod";

const settingMeta = z.object({
  env: z.string(),
  doc: z.string(),
  unit: z.string().optional(),
  isSecret: z.boolean().optional(),
});
type SettingMeta = z.output<typeof settingMeta>;

/** The settings of one process, each made by `setting`. Its config file is the only place that names environment variables. */
export type Settings = Readonly<Record<string, z.ZodType>>;
export type ConfigOf<S extends Settings> = z.output<z.ZodObject<S>>;

/** Declares a setting: where it comes from, what it may be, and what it means. The README's table is made from these. */
export function setting<Schema extends z.ZodType>(env: string, schema: Schema, doc: string, unit?: string): Schema {
  return schema.meta({ env, doc, ...(unit === undefined ? {} : { unit }) });
}

/** The same for a value that nothing may show; the table says that it is one. */
export function secretSetting<Schema extends z.ZodType>(env: string, schema: Schema, doc: string): Schema {
  return schema.meta({ env, doc, isSecret: true });
}

export const port = z.coerce.number().int().min(0).max(65_535);
export const flag = z.enum(["0", "1", "true", "false"]).transform((text) => text === "1" || text === "true");
export const milliseconds = z.coerce.number().int().min(0).max(86_400_000);
export const count = z.coerce.number().int().min(0);

/** All that is wrong with a process's environment, at once. Never quotes a value: it may be a secret. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Reads a process's settings from an environment; an empty variable counts as unset. */
export function readConfig<S extends Settings>(
  settings: S,
  env: Readonly<Record<string, string | undefined>>,
): ConfigOf<S> {
  const raw: Record<string, string> = {};
  for (const [key, schema] of Object.entries(settings)) {
    const text = env[metaOf(schema).env];
    if (text !== undefined && text !== "") raw[key] = text;
  }
  const parsed = z.object(settings).safeParse(raw);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const key = String(issue.path[0]);
    const schema = settings[key];
    const { env: variable, doc } = schema === undefined ? { env: key, doc: "" } : metaOf(schema);
    return `  ${variable}: ${raw[key] === undefined ? "is required" : issue.message} (${doc})`;
  });
  throw new ConfigError(`The configuration is not valid:\n${lines.join("\n")}`);
}

/** What is wrong with settings that are each valid but not together. */
export function refuseSettings(problems: readonly (readonly [z.ZodType, problem: string])[]): ConfigError {
  const lines = problems.map(([schema, problem]) => {
    const { env, doc } = metaOf(schema);
    return `  ${env}: ${problem} (${doc})`;
  });
  return new ConfigError(`The configuration is not valid:\n${lines.join("\n")}`);
}

/** The variables of some settings as they stand in an environment, to hand them on to another process; unset ones are left out. */
export function variablesOf(
  settings: Settings,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const names = Object.values(settings).map((schema) => metaOf(schema).env);
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** The configuration table of a process's README, in Markdown. */
export function configTable(settings: Settings): string {
  const rows = Object.values(settings).map((schema) => {
    const { env, doc, unit, isSecret } = metaOf(schema);
    return `| \`${env}\` | ${describeDefault(schema)} | ${unit ?? ""} | ${isSecret === true ? `**Secret.** ${doc}` : doc} |`;
  });
  return ["| Variable | Default | Unit | Meaning |", "|---|---|---|---|", ...rows].join("\n");
}

function describeDefault(schema: z.ZodType): string {
  const { default: fallback } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  if (fallback !== undefined) return `\`${typeof fallback === "string" ? fallback : JSON.stringify(fallback)}\``;
  return schema.safeParse(undefined).success ? "unset" : "required";
}

function metaOf(schema: z.ZodType): SettingMeta {
  return settingMeta.parse(schema.meta());
}
