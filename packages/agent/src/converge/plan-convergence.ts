/** How far a model version is on this replica. */
export type HeldState =
  /** Its artifact waits to be fetched. */
  | "waiting"
  | "fetching"
  /** Its artifact is there; the model server has yet to load it. */
  | "fetched"
  | "loading"
  | "ready"
  | "unloading"
  /** Cannot be loaded; not tried again while the assignment says the same of it. */
  | "failed";

export type ConvergenceInput = {
  /** What the replica should hold; null = not known yet, so nothing that is held may go. */
  assigned: ReadonlySet<string> | null;
  held: ReadonlyMap<string, { state: HeldState; crashes: number }>;
  /** Whether the model server answers. */
  serverUp: boolean;
  parallelFetches: number;
  parallelLoads: number;
};

export type ConvergencePlan = {
  /** Not held yet; begin with them. */
  admit: string[];
  /** Artifacts to fetch now, of those admitted and waiting. */
  fetch: string[];
  /** Models to load now. One that was there in a crash comes last and alone, so that its neighbours are back before it. */
  load: string[];
  /** Models to take out of the model server, since they left the assignment. */
  unload: string[];
  /** Left the assignment and are not in the model server: whatever is under way for them ends. */
  forget: string[];
};

/** What to begin now so that the replica comes to hold its assignment. Equal inputs give equal plans; a converged replica gets an empty one. */
export function planConvergence(input: ConvergenceInput): ConvergencePlan {
  const { assigned, held, serverUp } = input;
  const plan: ConvergencePlan = { admit: [], fetch: [], load: [], unload: [], forget: [] };
  const keys = (state: HeldState) => [...held].filter(([, model]) => model.state === state).map(([key]) => key);
  const stays = (key: string) => assigned === null || assigned.has(key);

  plan.admit = [...(assigned ?? [])].filter((key) => !held.has(key)).sort();
  for (const [key, { state }] of held) {
    if (stays(key)) continue;
    if (state === "ready" || state === "loading") {
      if (serverUp) plan.unload.push(key);
    } else if (state !== "unloading") plan.forget.push(key);
  }

  const waiting = [...keys("waiting").filter(stays), ...plan.admit].sort();
  plan.fetch = waiting.slice(0, Math.max(0, input.parallelFetches - keys("fetching").length));

  if (!serverUp) return plan;
  const crashesOf = (key: string) => held.get(key)?.crashes ?? 0;
  const loading = keys("loading");
  const fetched = keys("fetched").filter(stays).sort();
  const clean = fetched.filter((key) => crashesOf(key) === 0);
  const suspects = fetched.filter((key) => crashesOf(key) > 0);
  const free = loading.some((key) => crashesOf(key) > 0) ? 0 : Math.max(0, input.parallelLoads - loading.length);
  plan.load = clean.slice(0, free);
  if (clean.length === 0 && loading.length === 0) plan.load = suspects.slice(0, 1);
  return plan;
}
