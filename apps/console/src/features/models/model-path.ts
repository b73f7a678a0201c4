import { ACTION_PARAMETER, NEW_PATH } from "../deployment/deployment-path.ts";
import { DEFAULT_GROUP_NAME, GROUP_PARAMETER } from "../frame/group.ts";

export type ModelKey = { group: string; name: string };

/** What of the registered models a page shows; an empty text = all, or the first page. */
export type ModelsQuery = { group: string; search: string; after: string };

type Parameters = Readonly<Record<string, string | string[] | undefined>>;

/** What an address asks for; of a parameter that stands there twice the first counts. */
export function queryOf(parameters: Parameters): ModelsQuery {
  const read = (name: string) => {
    const value = parameters[name];
    return (Array.isArray(value) ? value[0] : value) ?? "";
  };
  return { group: read(GROUP_PARAMETER) || DEFAULT_GROUP_NAME, search: read("search"), after: read("after") };
}

/** The address of the list that shows this. */
export function pathOfModels({ group, search, after }: ModelsQuery): string {
  return withQuery("/models", { ...groupParameter(group), search, after });
}

/** The address of a model's page; `after` goes on below a page of its versions. */
export function pathOfModel({ group, name }: ModelKey, after = ""): string {
  return withQuery(`/models/${encodeURIComponent(name)}`, { ...groupParameter(group), after });
}

export function pathOfVersion({ group, name }: ModelKey, version: number): string {
  return withQuery(`/models/${encodeURIComponent(name)}/versions/${version}`, groupParameter(group));
}

/** Where a deployment of a version is made. */
export function pathOfDeploy({ group, name }: ModelKey, version: number): string {
  return withQuery(NEW_PATH, { ...groupParameter(group), model: name, version: String(version) });
}

/** Where a deployment of the same group is changed to a version, before it is reviewed. */
export function pathOfUpdate({ group, name }: ModelKey, version: number, deployment: string): string {
  const parameters = { ...groupParameter(group), model: name, version: String(version) };
  return withQuery(`/deployments/${encodeURIComponent(deployment)}/edit`, parameters);
}

/** The list with its place for a file open. */
export function pathOfUpload(group: string): string {
  return withQuery("/models", { ...groupParameter(group), [ACTION_PARAMETER]: "upload" });
}

/** A model's page with its place for the file of another version open. */
export function pathOfUploadOf({ group, name }: ModelKey): string {
  return withQuery(`/models/${encodeURIComponent(name)}`, { ...groupParameter(group), [ACTION_PARAMETER]: "upload" });
}

function groupParameter(group: string): Record<string, string> {
  return group === DEFAULT_GROUP_NAME ? {} : { [GROUP_PARAMETER]: group };
}

function withQuery(path: string, parameters: Readonly<Record<string, string>>): string {
  const said = Object.entries(parameters).filter(([, value]) => value !== "");
  return said.length === 0 ? path : `${path}?${new URLSearchParams(said)}`;
}
