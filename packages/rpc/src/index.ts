export * from "./errors.ts";
export * from "./internal-auth.ts";
export * from "./level-set/digest.ts";
export * from "./level-set/entries.ts";
export * from "./level-set/replica.ts";
export * from "./level-set/source.ts";
export * from "./service-definition.ts";
