import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { Metadata } from "@grpc/grpc-js";

/** Compares two secrets in a time that tells nothing about where they differ. */
export function secretsEqual(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Metadata that a process of the platform sends with each call to another one. */
export function internalMetadata(secret: string): Metadata {
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${secret}`);
  return metadata;
}

/** Whether a call comes from a process of the same platform. */
export function isInternalCall(metadata: Metadata, secret: string): boolean {
  const [value] = metadata.get("authorization");
  return typeof value === "string" && secretsEqual(value, `Bearer ${secret}`);
}

/**
 * The bearer with which the console's process calls deployments for people who try them. It is made from the secret and
 * does not tell it: whoever finds it on the way to the gateway can call deployments, and nothing else of the platform.
 */
export function consoleCredential(secret: string): string {
  return createHmac("sha256", secret).update("the console calls deployments").digest("base64url");
}
