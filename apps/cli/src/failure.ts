import type { Problem } from "@slipway/contracts";
import { EXIT_CODES, type ExitReason } from "./exit-codes.ts";

type Nothing = Record<string, never>;

/** What only the command itself can find wrong; everything else is said by the API in its own words. */
type FailureDataMap = {
  no_credentials: { dataDir: string };
  bad_credentials: { path: string };
  unreachable: { url: string };
  not_json: { url: string };
  unknown_kind: { given: string; allowed: string };
  not_sent: { what: string };
  no_gateway: { dataDir: string };
  no_input: Nothing;
  two_inputs: Nothing;
  only_of_file: Nothing;
  file_missing: { path: string };
  no_manifests: { path: string };
  not_a_model: { path: string };
  not_one_model: { path: string; found: number };
  no_name: { from: string; rule: string };
  group_differs: { file: string; given: string; wanted: string };
  bad_json: { what: string; detail: string };
  bad_value: { what: string; given: string; rule: string };
  name_not_typed: { kind: string; name: string };
  not_confirmed: { kind: string; name: string };
  no_version: { model: string };
  no_version_given: { alias: string };
  no_sample_given: { model: string };
  no_previous_revision: { kind: string; name: string };
  ended_as_failed: { kind: string; name: string; message: string };
  was_deleted: { kind: string; name: string };
  not_in_time: { kind: string; name: string; wanted: string; limit: string; state: string };
  refused_by_model: { status: number; sentence: string };
  some_refused: { refused: number; total: number };
  no_name_given: { kind: string };
  no_label_given: Nothing;
  only_deployments: { option: string; kind: string };
  ill: { count: number };
};
export type FailureCode = keyof FailureDataMap;

type Entry<Data> = { exit: ExitReason; text: (data: Data) => string; check: string };

const FAILURES: { readonly [Code in FailureCode]: Entry<FailureDataMap[Code]> } = {
  no_credentials: {
    exit: "unreachable",
    text: (d) => `There is no platform in ${d.dataDir}.`,
    check: "Start one with: npm start. If it keeps its data elsewhere, set SLIPWAY_DATA_DIR.",
  },
  bad_credentials: {
    exit: "badInput",
    text: (d) => `${d.path} does not hold an API address and a token.`,
    check: "Start the platform again; it writes the file anew.",
  },
  unreachable: {
    exit: "unreachable",
    text: (d) => `Slipway does not answer at ${d.url}.`,
    check: "Start it with: npm start. See what is wrong with: npx slipway doctor",
  },
  not_json: {
    exit: "failed",
    text: (d) => `The answer of ${d.url} is not what Slipway's API answers.`,
    check: "Is another program listening on that port? See: npx slipway doctor",
  },
  unknown_kind: {
    exit: "badInput",
    text: (d) => `${d.given} is not a kind of object; allowed: ${d.allowed}.`,
    check: "",
  },
  not_sent: { exit: "failed", text: (d) => `The connection ended before ${d.what} was complete.`, check: "Try again." },
  no_gateway: {
    exit: "unreachable",
    text: (d) => `${d.dataDir} does not say where the gateway listens; the platform is not up.`,
    check: "Start it with: npm start",
  },
  no_input: {
    exit: "badInput",
    text: () => "Say what to apply: a model file or folder, or manifests with -f.",
    check: "Examples: npx slipway apply ./model.onnx, npx slipway apply -f deployment.yaml",
  },
  two_inputs: { exit: "badInput", text: () => "Give one of the two, not both.", check: "" },
  only_of_file: {
    exit: "badInput",
    text: () => "--in-place is for a model's file or folder; nothing else is uploaded.",
    check: "",
  },
  file_missing: {
    exit: "badInput",
    text: (d) => `There is no file or folder at ${d.path} that can be read.`,
    check: "",
  },
  no_manifests: {
    exit: "badInput",
    text: (d) => `${d.path} holds no manifest.`,
    check: "A manifest is a file that ends in .yaml, .yml or .json.",
  },
  not_a_model: {
    exit: "badInput",
    text: (d) => `${d.path} is not a model file; its name must end in .onnx.`,
    check: "For a manifest use -f.",
  },
  not_one_model: {
    exit: "badInput",
    text: (d) => `${d.path} holds ${d.found} .onnx files; a folder must hold exactly one.`,
    check: "Name the file itself.",
  },
  no_name: {
    exit: "badInput",
    text: (d) => `No name can be made of ${d.from}; a name ${d.rule}.`,
    check: "Give one with --name.",
  },
  group_differs: {
    exit: "badInput",
    text: (d) => `${d.file} names group ${d.given}, but --group says ${d.wanted}.`,
    check: "",
  },
  bad_json: { exit: "badInput", text: (d) => `${d.what} is not valid JSON: ${d.detail}.`, check: "" },
  bad_value: { exit: "badInput", text: (d) => `${d.what} is ${d.given}; ${d.rule}.`, check: "" },
  name_not_typed: {
    exit: "badInput",
    text: (d) => `Deleting ${d.kind} ${d.name} asks for its name on a terminal, and this is none.`,
    check: "Add --yes if you are sure.",
  },
  not_confirmed: {
    exit: "badInput",
    text: (d) => `${d.kind} ${d.name} was not deleted: what was typed differs.`,
    check: "",
  },
  no_version: {
    exit: "notFound",
    text: (d) => `Registered model ${d.model} has no version.`,
    check: "Upload one: npx slipway model push FILE",
  },
  no_version_given: {
    exit: "badInput",
    text: (d) => `Which version shall ${d.alias} stand for?`,
    check: "Give its number, or --remove.",
  },
  no_sample_given: {
    exit: "badInput",
    text: (d) => `Which sample shall ${d.model} have?`,
    check: "Give one by -d or -f, or --remove and nothing else.",
  },
  no_previous_revision: {
    exit: "conflict",
    text: (d) => `${d.kind} ${d.name} has no earlier revision.`,
    check: "",
  },
  ended_as_failed: {
    exit: "failed",
    text: (d) => `${d.kind} ${d.name} failed: ${d.message}`,
    check: "",
  },
  was_deleted: { exit: "notFound", text: (d) => `${d.kind} ${d.name} was deleted meanwhile.`, check: "" },
  not_in_time: {
    exit: "timeout",
    text: (d) => `${d.kind} ${d.name} is not ${d.wanted} after ${d.limit}; it is ${d.state}`,
    check: "",
  },
  refused_by_model: { exit: "failed", text: (d) => d.sentence, check: "" },
  some_refused: {
    exit: "conflict",
    text: (d) =>
      `${d.refused} of ${d.total} ${d.refused === 1 ? "was" : "were"} refused; what was done to the others stays.`,
    check: "",
  },
  no_name_given: { exit: "badInput", text: (d) => `No ${d.kind} is named.`, check: "" },
  no_label_given: {
    exit: "badInput",
    text: () => "No label is named.",
    check: "Give one with team=growth, take one away with team-",
  },
  only_deployments: {
    exit: "badInput",
    text: (d) => `--${d.option} is for deployments; a ${d.kind} has none.`,
    check: "",
  },
  ill: {
    exit: "failed",
    text: (d) => `${d.count} ${d.count === 1 ? "thing needs" : "things need"} your attention.`,
    check: "",
  },
};

/** Why a command did not do what it was asked: the sentence, the problems one by one, what to check, and the exit code. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exit: ExitReason;
  readonly check: string;
  readonly problems: readonly Problem[];
  readonly requestId: string | undefined;

  constructor(
    sentence: string,
    details: { exit: ExitReason; check?: string; problems?: readonly Problem[]; requestId?: string },
  ) {
    super(sentence);
    this.exit = details.exit;
    this.check = details.check ?? "";
    this.problems = details.problems ?? [];
    this.requestId = details.requestId;
  }

  /** The same failure with its problems said otherwise. */
  withProblems(problems: readonly Problem[]): CommandFailure {
    const { exit, check, requestId } = this;
    return new CommandFailure(this.message, {
      exit,
      check,
      problems,
      ...(requestId === undefined ? {} : { requestId }),
    });
  }

  get exitCode(): number {
    return EXIT_CODES[this.exit].code;
  }
}

/** A failure from the table above. */
export function failure<Code extends FailureCode>(
  code: Code,
  data: FailureDataMap[Code],
  overrides: { exit?: ExitReason; check?: string } = {},
): CommandFailure {
  const entry = FAILURES[code];
  return new CommandFailure(entry.text(data), {
    exit: overrides.exit ?? entry.exit,
    check: overrides.check ?? entry.check,
  });
}
