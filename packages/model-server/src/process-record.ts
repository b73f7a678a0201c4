import { identify, READY, removeProcessRecord, type Service, writeProcessRecord } from "@slipway/service-kit";

/** Says on file where this process listens, from when it does until it stops cleanly. */
export function processRecordService(
  where: { directory: string; name: string },
  addresses: () => Record<string, string>,
): Service {
  return {
    name: "process-record",
    async start() {
      const identity = identify();
      if (identity === null) throw new Error("the kernel does not tell this process's start time");
      writeProcessRecord(where.directory, { ...identity, name: where.name, addresses: addresses() });
    },
    async stop() {
      removeProcessRecord(where.directory, where.name);
    },
    ready: () => READY,
  };
}
