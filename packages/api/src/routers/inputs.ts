import {
  DEFAULT_GROUP,
  findKind,
  groupName,
  KIND_NAMES,
  type KindName,
  NAME_RULE,
  OBJECT_NAME_PATTERN,
  type ResourceRef,
} from "@slipway/contracts";
import * as z from "zod";

/** A kind as it stands in a path: `deployments`, `Deployment`. */
export const kindWord = z
  .string()
  .max(63)
  .refine((word) => findKind(word) !== null, `must be one of ${KIND_NAMES.join(", ")}, singular or plural`)
  .describe("deployments, models or servers");

export const groupInput = groupName.default(DEFAULT_GROUP).describe("The tenant; `default` if unsaid");

/** The largest number that the columns of counters hold. */
export const INT4_MAX = 2_147_483_647;
/** A number that counts versions or revisions, as an address or a body says it. */
export const counter = z.coerce.number().int().min(1).max(INT4_MAX);

/** The name of an object that may be there. */
export const objectName = z.string().regex(OBJECT_NAME_PATTERN, NAME_RULE);

/** Names a resource, as every address of one does. */
export const refInput = z.strictObject({
  kind: kindWord,
  name: objectName.describe("Its name"),
  group: groupInput,
});

/** The concurrency token: what the writer last read. */
export const expectedInput = z.strictObject({
  uid: z.string().max(63).exactOptional().describe("Uid last read"),
  version: counter.exactOptional().describe("Version last read; another one is a 409"),
});

export const messageInput = z.strictObject({
  message: z.string().max(2_000).exactOptional().describe("Why; stands in the history"),
});

/** Labels to give and to take away. */
export const labelInput = z.strictObject({
  set: z.record(z.string(), z.string()).default({}).describe("Labels to give, by name"),
  remove: z.array(z.string().max(317)).max(64).default([]).describe("Names of labels to take away"),
});

/** The key that an address names. The word was checked by `kindWord`. */
export function refOf(input: { kind: string; name: string; group: string }): ResourceRef {
  return { kind: kindOf(input.kind), name: input.name, group: input.group };
}

export function kindOf(word: string): KindName {
  const kind = findKind(word);
  if (kind === null) throw new TypeError(`${word} is not a kind`);
  return kind;
}

/** Only what the writer said of what they last read. */
export function expectedOf({ uid, version }: z.output<typeof expectedInput>): { uid?: string; version?: number } {
  return { ...(uid === undefined ? {} : { uid }), ...(version === undefined ? {} : { version }) };
}
