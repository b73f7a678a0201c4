import * as z from "zod";

/** One setting: where it comes from, what it may be, and what it means. */
export type Setting<Schema extends z.ZodType = z.ZodType> = { env: string; schema: Schema; doc: string; unit?: string };

/** The settings of one process. Its config file is the only place that names environment variables. */
export type Settings = Readonly<Record<string, Setting>>;
export type ConfigOf<S extends Settings> = { [Key in keyof S]: z.output<S[Key]["schema"]> };

/** Declares a setting; the README's table is generated from these. */
export function setting<Schema extends z.ZodType>(
  env: string,
  schema: Schema,
  doc: string,
  unit?: string,
): Setting<Schema> {
  return unit === undefined ? { env, schema, doc } : { env, schema, doc, unit };
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
  const shape: Record<string, z.ZodType> = {};
  const raw: Record<string, string | undefined> = {};
  for (const [key, { env: variable, schema }] of Object.entries(settings)) {
    shape[key] = schema;
    const text = env[variable];
    if (text !== undefined && text !== "") raw[key] = text;
  }
  const parsed = z.object(shape).safeParse(raw);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const source = settings[String(issue.path[0])];
      const missing = source !== undefined && raw[String(issue.path[0])] === undefined;
      return `  ${source?.env ?? "?"}: ${missing ? "is required" : issue.message} (${source?.doc ?? ""})`;
    });
    throw new ConfigError(`The configuration is not valid:\n${lines.join("\n")}`);
  }
  return parsed.data as ConfigOf<S>;
}

/** The configuration table of a process's README, in Markdown. */
export function configTable(settings: Settings): string {
  const rows = Object.values(settings).map(({ env, schema, doc, unit }) => {
    const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
    const fallback = json.default === undefined ? "required" : `\`${JSON.stringify(json.default)}\``;
    const optional = schema.safeParse(undefined).success && json.default === undefined;
    return `| \`${env}\` | ${optional ? "unset" : fallback} | ${unit ?? ""} | ${doc} |`;
  });
  return ["| Variable | Default | Unit | Meaning |", "|---|---|---|---|", ...rows].join("\n");
}
