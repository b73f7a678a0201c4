/** The fields by which a line of the log says which model version it is about, so that its owner alone is shown it. */
export function namedInLog(key: string): { modelUid: string; version: string } {
  const slash = key.indexOf("/");
  return { modelUid: key.slice(0, slash), version: key.slice(slash + 1) };
}
