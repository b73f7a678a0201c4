import { SlipwayError } from "@slipway/contracts";

/** Who does something. Every verb asks `authorise` whether this one may. */
export type Actor =
  /** Whoever can read the credential file of this machine's platform. */
  | { kind: "local-admin" }
  /** Somebody who is signed in to the console. */
  | { kind: "user"; id: string; sessionId?: string }
  /** The leader: compiles children, writes statuses, removes what is released. */
  | { kind: "scheduler" }
  /** A caller of one deployment's endpoint; may do nothing here. */
  | { kind: "client"; deployment: string; client: string };

export type Action =
  | "resource.read"
  | "resource.write"
  | "resource.delete"
  | "registry.read"
  | "registry.write"
  | "audit.read"
  | "token.read"
  | "token.write"
  | "deployment.try"
  | "view.keep"
  | "sign_in.link"
  | "controller.write";

/** What a refused actor reads, after "may not". */
const WORDS: Readonly<Record<Action, string>> = {
  "resource.read": "read this",
  "resource.write": "change this",
  "resource.delete": "delete this",
  "registry.read": "see registered models",
  "registry.write": "change registered models",
  "audit.read": "see who did what",
  "token.read": "see who has a token",
  "token.write": "create or revoke tokens",
  "deployment.try": "try this deployment",
  "view.keep": "keep views",
  "sign_in.link": "make sign-in links",
  "controller.write": "write what the scheduler decides",
};

/** @throws auth/forbidden when the actor may not do this in any group of the platform */
export function authorise(actor: Actor, action: Action): void {
  if (!may(actor, action)) throw new SlipwayError("auth/forbidden", { action: WORDS[action] });
}

function may(actor: Actor, action: Action): boolean {
  switch (actor.kind) {
    case "local-admin":
    case "user":
      return action !== "controller.write";
    case "scheduler":
      return action === "resource.read" || action === "controller.write";
    case "client":
      return false;
    default:
      return actor satisfies never;
  }
}

/** How an actor stands in revisions and the audit: `local-admin`, `user:ada`, `scheduler`. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case "local-admin":
    case "scheduler":
      return actor.kind;
    case "user":
      return `user:${actor.id}`;
    case "client":
      return `client:${actor.deployment}/${actor.client}`;
    default:
      return actor satisfies never;
  }
}
