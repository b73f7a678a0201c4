import * as z from "zod";

/** A name that a person gives: a DNS label, so that it can stand in URLs, host names and Kubernetes objects. */
export const NAME_PATTERN = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** The name of a compiled child, `<deployment>.<variant>`. No name that a person gives contains a dot. */
export const CHILD_NAME_PATTERN = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Either of the two: what any object may be called. */
export const OBJECT_NAME_PATTERN = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$/;

/** PrimeHub's rule for the name of a client of a deployment. */
export const CLIENT_NAME_PATTERN = /^[a-z_][a-z0-9_-]{0,62}$/;

/** The rule of `NAME_PATTERN` in words, to stand after what it is about. */
export const NAME_RULE =
  "must be 1 to 63 lower-case letters, digits and dashes, beginning and ending with a letter or digit";

export const name = z.string().regex(NAME_PATTERN, NAME_RULE);
export const childName = z.string().regex(CHILD_NAME_PATTERN, "must be <deployment>.<variant>");
export const anyName = z.union([name, childName]);
export const groupName = name;
export const clientName = z
  .string()
  .regex(
    CLIENT_NAME_PATTERN,
    "must be 1 to 63 lower-case letters, digits, underscores and dashes, beginning with a letter or underscore",
  );

/** The tenant of everything that nobody put into another one. */
export const DEFAULT_GROUP = "default";
/** The tenant whose servers take models of every group. */
export const PLATFORM_GROUP = "platform";

/** Joins a deployment's name and a variant's to the name of the compiled child. */
export function childNameOf(deployment: string, variant: string): string {
  return `${deployment}.${variant}`;
}
