import { cleanCause } from "./clean-cause.ts";

type Row = { pattern: RegExp; words: (groups: Readonly<Record<string, string>>) => string };

/** Whose operators a domain holds, as people know it. */
const domainOf = (domain: string | undefined) => (domain === undefined || domain === "" ? "ai.onnx" : domain);

/** What the runtime says of models that it cannot load, and the same in words that say what to do. */
const ROWS: readonly Row[] = [
  {
    pattern: /Unsupported model IR version: (?<given>\d+), max supported IR version: (?<most>\d+)/,
    words: ({ given, most }) =>
      `it is written in version ${given} of the file format (IR), and the runtime reads up to ${most}. Export it with an older onnx package, or set ir_version.`,
  },
  {
    pattern:
      /Opset (?<given>\d+) is under development.*official support for domain (?<domain>[\w.]+) is till opset (?<most>\d+)/s,
    words: ({ given, domain, most }) =>
      `it uses version ${given} of the operators of ${domainOf(domain)}, and the runtime knows up to ${most}. Export it with opset ${most} or older.`,
  },
  {
    pattern: /Failed to construct locale with name:(?<locale>[^:\s]*)/,
    words: ({ locale }) =>
      `its StringNormalizer needs the locale ${locale}, which this machine does not have. Install it (Debian and Ubuntu: locale-gen ${locale}), or export the model without a locale.`,
  },
  {
    pattern: /No Op registered for (?<op>[\w.]+) with domain_version of (?<version>\d+)/,
    words: ({ op, version }) =>
      `the runtime has no operator ${op} in version ${version} of its operators. Export the model with another opset, or without that operator.`,
  },
  {
    pattern: /Fatal error: (?<domain>[^:\s]*):(?<op>[^(\s]+)\(-?\d+\) is not a registered function\/op/,
    words: ({ domain, op }) =>
      `it uses the operator ${op} of ${domainOf(domain)}, which the runtime does not have; custom operators cannot be served. Export the model without it.`,
  },
  {
    pattern: /No opset import for domain '?(?<domain>[^'\s]*)'?/,
    words: ({ domain }) =>
      `it uses operators of ${domainOf(domain)} without saying of which version. Add an opset import for that domain.`,
  },
  {
    pattern: /Could not find an implementation for (?<op>[\w.]+)\((?<version>\d+)\)/,
    words: ({ op, version }) =>
      `the runtime has no implementation of ${op} (version ${version}) for the element types that the model uses. Export it with other element types.`,
  },
  {
    pattern: /External data path does not exist: "?(?:[^"]*\/)?(?<file>[^"/]+)"?/,
    words: ({ file }) => `it keeps weights in ${file}, which is not beside it. Put that file beside the model.`,
  },
  {
    pattern: /External initializer: .*(?:size to read|out of bounds)/s,
    words: () =>
      "a file with its weights is shorter than the model says, as after a copy that was broken off. Copy all of the model's files again.",
  },
  {
    pattern: /Protobuf parsing failed/,
    words: () => "the runtime cannot read it: it is damaged, or cut off. Export or copy it again.",
  },
];

/** Why a model cannot be loaded: in our own words where the runtime's message is known, else what it said, cut short. */
export function explainLoadFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  for (const { pattern, words } of ROWS) {
    const match = pattern.exec(message);
    if (match !== null) return words(match.groups ?? {});
  }
  return cleanCause(error);
}
