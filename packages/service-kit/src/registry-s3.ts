import * as z from "zod";
import { type ConfigOf, flag, refuseSettings, secretSetting, setting } from "./config.ts";

const endpoint = z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).refine((text) => {
  const url = URL.parse(text);
  return url !== null && url.username === "" && url.password === "" && url.search === "";
}, "must hold no credentials and no query");

/** Where the registry keeps models when not in a folder: settings of the console's process, handed on by `slipway up`. */
export const registryS3Settings = {
  registryS3Bucket: setting(
    "SLIPWAY_REGISTRY_S3_BUCKET",
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be a bucket's name")
      .optional(),
    "Bucket of an S3-compatible object store that holds registered models; unset = they lie in the registry's folder",
  ),
  registryS3Endpoint: setting(
    "SLIPWAY_REGISTRY_S3_ENDPOINT",
    endpoint.optional(),
    "URL of the object store; unset = Amazon's in the region",
  ),
  registryS3Region: setting("SLIPWAY_REGISTRY_S3_REGION", z.string().min(1).max(63).optional(), "The bucket's region"),
  registryS3Prefix: setting(
    "SLIPWAY_REGISTRY_S3_PREFIX",
    z
      .string()
      .regex(/^[\w.-]+(\/[\w.-]+)*\/?$/, "must be names joined by slashes, of letters, digits, `.`, `_` and `-`")
      .max(200)
      .optional(),
    "What stands before the name of every object, e.g. `slipway/models`",
  ),
  registryS3AccessKeyId: setting(
    "SLIPWAY_REGISTRY_S3_ACCESS_KEY_ID",
    z.string().min(1).max(256).optional(),
    "Name of the key that opens the bucket",
  ),
  registryS3SecretAccessKey: secretSetting(
    "SLIPWAY_REGISTRY_S3_SECRET_ACCESS_KEY",
    z.string().min(1).max(1_024).optional(),
    "The key itself",
  ),
  registryS3PathStyle: setting(
    "SLIPWAY_REGISTRY_S3_PATH_STYLE",
    flag.optional(),
    "1 = the bucket stands in the URL's path, 0 = in its host; unset = in the path where an endpoint is set",
  ),
};

/** The object store of a registry, with every blank filled in. */
export type RegistryS3 = {
  bucket: string;
  /** null = Amazon's of the region. */
  endpoint: string | null;
  region: string;
  /** Before every key; empty or ending in a slash. */
  prefix: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** The bucket stands in the path and not in the host's name. */
  isPathStyle: boolean;
};

/** The region that stores without regions are told. */
const NO_REGION = "us-east-1";

/**
 * The object store that the settings name together; null when they name none.
 * @throws ConfigError naming every setting that is missing beside those that are there
 */
export function registryS3Of(config: ConfigOf<typeof registryS3Settings>): RegistryS3 | null {
  const { registryS3Bucket: bucket, registryS3Endpoint: endpoint = null, registryS3Region: region } = config;
  const { registryS3AccessKeyId: accessKeyId, registryS3SecretAccessKey: secretAccessKey } = config;
  const isMeant = Object.keys(registryS3Settings).some((key) => Object(config)[key] !== undefined);
  if (!isMeant) return null;
  const hasRegion = region !== undefined || endpoint !== null;
  if (bucket === undefined || accessKeyId === undefined || secretAccessKey === undefined || !hasRegion) {
    const { registryS3Bucket, registryS3AccessKeyId, registryS3SecretAccessKey, registryS3Region } = registryS3Settings;
    throw refuseSettings([
      ...(bucket === undefined
        ? [[registryS3Bucket, "is required beside the other settings of the bucket"] as const]
        : []),
      ...(accessKeyId === undefined ? [[registryS3AccessKeyId, "is required for a bucket"] as const] : []),
      ...(secretAccessKey === undefined ? [[registryS3SecretAccessKey, "is required for a bucket"] as const] : []),
      ...(hasRegion ? [] : [[registryS3Region, "is required without SLIPWAY_REGISTRY_S3_ENDPOINT"] as const]),
    ]);
  }
  const prefix = config.registryS3Prefix ?? "";
  return {
    ...{ bucket, endpoint, accessKeyId, secretAccessKey, region: region ?? NO_REGION },
    prefix: prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`,
    isPathStyle: config.registryS3PathStyle ?? endpoint !== null,
  };
}
