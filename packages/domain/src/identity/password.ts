import { hash, verify } from "@node-rs/argon2";

/** Of a password, in characters. */
export const PASSWORD_LENGTH = { min: 10, max: 128 } as const;

/** OWASP's parameters for argon2id: 19 MiB, two passes, one lane. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** What is kept of a password; argon2id with a salt of its own. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, ARGON2);
}

/** Whether this is the password that was kept. */
export function isPassword(stored: string, password: string): Promise<boolean> {
  return verify(stored, password);
}
