import * as z from "zod";
import { anyName, DEFAULT_GROUP, groupName } from "./names.ts";

/** Raised when a default of a spec changes, so that an old revision says which defaults it was read with. */
export const DEFAULTS_VERSION = 1;

const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelKey = z.string().regex(LABEL_KEY, "must be a label key such as team or example.com/team");

export const labels = z
  .record(labelKey, z.string().max(63, "must be at most 63 characters"))
  .refine((map) => Object.keys(map).length <= 64, "must hold at most 64 labels");
export const annotations = z
  .record(labelKey, z.string().max(16_384, "must be at most 16384 characters"))
  .refine((map) => Object.keys(map).length <= 64, "must hold at most 64 annotations");

/** What every resource says about itself. `uid` and `version`, when given, are what the writer last read. */
export const metadata = z.strictObject({
  name: anyName.describe("Unique among the resources of its kind in its group"),
  group: groupName.default(DEFAULT_GROUP).describe("The tenant that it belongs to"),
  title: z.string().max(200).optional().describe("Free text for people"),
  labels: labels.default({}).describe("For search and selection"),
  annotations: annotations.default({}).describe("For tools"),
  uid: z
    .uuid()
    .optional()
    .describe("Identity of the object; with version, the write is refused if somebody changed it"),
  version: z.int().min(1).max(2_147_483_647).optional().describe("The version last read"),
});
export type Metadata = z.output<typeof metadata>;

/** What a schema alone knows of a kind. Another kind is another one of these and nothing else. */
export type Kind<Name extends string = string, Spec extends z.ZodType = z.ZodType> = {
  readonly name: Name;
  /** In URLs and on the command line: `deployments`. */
  readonly plural: string;
  readonly spec: Spec;
};

/** Declares a kind; its spec's schema carries bounds, defaults and help texts, and no other file repeats them. */
export function defineKind<Name extends string, Spec extends z.ZodType>(
  kindName: Name,
  options: { spec: Spec; plural?: string },
): Kind<Name, Spec> {
  return { name: kindName, plural: options.plural ?? `${kindName.toLowerCase()}s`, spec: options.spec };
}
