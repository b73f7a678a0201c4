import { ACTION_PARAMETER } from "../deployment/deployment-path.ts";
import { DEFAULT_GROUP_NAME, EVERY_GROUP, GROUP_PARAMETER } from "../frame/group.ts";
import { groupsOf } from "./servers-part.ts";

/** In the URL: the server that is pointed at, as `group/name`. */
export const SERVER_PARAMETER = "server";
type ServerKey = { group: string; name: string };

/** The page that shows a server among those of the group that is looked at, or of its own, with the server pointed at. */
export function pathOfServer(server: ServerKey, shown: string, action?: "scale"): string {
  const isShown = shown === EVERY_GROUP || groupsOf(shown).includes(server.group);
  const group = isShown ? shown : server.group;
  const parameters = new URLSearchParams(group === DEFAULT_GROUP_NAME ? {} : { [GROUP_PARAMETER]: group });
  parameters.set(SERVER_PARAMETER, `${server.group}/${server.name}`);
  if (action !== undefined) parameters.set(ACTION_PARAMETER, action);
  return `/servers?${parameters}`;
}

/** What a servers page can be sorted by. */
export const SERVER_SORTS = ["name", "memory", "models", "replicas"] as const;
export type ServerSort = (typeof SERVER_SORTS)[number];
export type ServerOrder = { by: ServerSort; isDown: boolean };

const SORT_PARAMETER = "sort";
const BY_NAME: ServerOrder = { by: "name", isDown: false };

type Readable = Pick<URLSearchParams, "get">;

/** The order that an address asks for; by name for anything else. */
export function orderOf(parameters: Readable): ServerOrder {
  const word = parameters.get(SORT_PARAMETER) ?? "";
  const isDown = word.startsWith("-");
  const by = SERVER_SORTS.find((one) => one === (isDown ? word.slice(1) : word));
  return by === undefined ? BY_NAME : { by, isDown };
}

/** What pressing the head of a column asks for: the other way round, or first what one looks for there. */
export function nextOrder(order: ServerOrder, by: ServerSort): ServerOrder {
  return { by, isDown: order.by === by ? !order.isDown : by !== "name" };
}

/** Puts an order into an address; the one that goes without saying stays out of it. */
export function writeOrder(parameters: URLSearchParams, { by, isDown }: ServerOrder): void {
  if (by === BY_NAME.by && isDown === BY_NAME.isDown) parameters.delete(SORT_PARAMETER);
  else parameters.set(SORT_PARAMETER, `${isDown ? "-" : ""}${by}`);
}

/** What is asked about where a model fits: one that is deployed, or one that takes so much. As typed, right or wrong. */
export type FitQuestion = { deployment: string } | { memory: string; format: string; replicas: string };

const FIT = { deployment: "fit", memory: "fit-memory", format: "fit-format", replicas: "fit-replicas" } as const;
/** Longer than anything that is asked; the rest of a longer address is not shown in a field. */
const FIT_MAX = 127;

/** The question that an address holds; null when it holds none. */
export function questionOf(parameters: Readable): FitQuestion | null {
  const read = (name: string) => (parameters.get(name) ?? "").slice(0, FIT_MAX);
  const deployment = read(FIT.deployment);
  if (deployment !== "") return { deployment };
  const memory = read(FIT.memory);
  if (memory === "") return null;
  return { memory, format: read(FIT.format) || "onnx", replicas: read(FIT.replicas) || "1" };
}

/** Puts a question into an address, in place of another one. */
export function writeQuestion(parameters: URLSearchParams, question: FitQuestion): void {
  for (const name of Object.values(FIT)) parameters.delete(name);
  if ("deployment" in question) {
    parameters.set(FIT.deployment, question.deployment);
  } else {
    parameters.set(FIT.memory, question.memory);
    parameters.set(FIT.format, question.format);
    parameters.set(FIT.replicas, question.replicas);
  }
}
