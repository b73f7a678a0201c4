/** One rig for all who ask while somebody holds it; it ends with the last. */
export function sharedRig<Rig extends { close(): Promise<void> }>(start: () => Promise<Rig>): () => Promise<Rig> {
  let running: Promise<Rig> | null = null;
  let holders = 0;
  return async () => {
    holders += 1;
    running ??= start();
    const rig = await running;
    const close = async () => {
      holders -= 1;
      if (holders > 0) return;
      running = null;
      await rig.close();
    };
    return { ...rig, close };
  };
}
