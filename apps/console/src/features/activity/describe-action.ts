/** What somebody did, before the object that they did it to. */
const VERBS: ReadonlyMap<string, string> = new Map([
  ["apply", "applied"],
  ["scale", "scaled"],
  ["stop", "stopped"],
  ["start", "started"],
  ["rollback", "rolled back"],
  ["follow_alias", "moved, with its alias,"],
  ["delete", "deleted"],
  ["compile", "compiled"],
  ["remove", "finished deleting"],
]);
const ACTIONS: ReadonlyMap<string, string> = new Map([
  ["client_token.create", "created a client token of"],
  ["client_token.renew", "renewed a client token of"],
  ["client_token.rotate", "rotated a client token of"],
  ["client_token.revoke", "revoked a client token of"],
  ["registered_model.push", "uploaded a version of"],
  ["registered_model.alias", "moved an alias of"],
  ["registered_model.describe", "described"],
  ["registered_model.sample", "changed a sample of"],
  ["registered_model.delete_version", "deleted a version of"],
  ["registered_model.delete", "deleted"],
  ["sign_in", "signed in"],
  ["sign_in.link", "made a sign-in link for"],
  ["account.password", "set the password of"],
  ["account.sign_out", "signed out browsers of"],
  ["account.passkey_removed", "removed a passkey of"],
]);

/** An action of the audit in words: `deployment.scale` is "scaled". One that this page does not know stands as it is. */
export function describeAction(action: string): string {
  const verb = action.slice(action.lastIndexOf(".") + 1);
  return ACTIONS.get(action) ?? VERBS.get(verb) ?? action;
}

/** What a list can be narrowed to; the address takes any other verb too. */
export const FILTER_ACTIONS: readonly string[] = [
  ...["apply", "scale", "stop", "start", "rollback", "delete"].map((verb) => `deployment.${verb}`),
  ...["apply", "scale", "delete"].map((verb) => `server.${verb}`),
  ...["create", "rotate", "renew", "revoke"].map((verb) => `client_token.${verb}`),
  ...["sign_in", "sign_in.link"],
];

/** An action as a choice: `scaled, deployment`. */
export function actionWords(action: string): string {
  const kind = action.slice(0, action.indexOf("."));
  const words = describeAction(action).replace(/ (of|for)$/, "");
  return ACTIONS.has(action) || words === action ? words : `${words}: ${kind}`;
}

/** A value of a field as one reads it; texts without quotation marks. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return "not set";
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}
