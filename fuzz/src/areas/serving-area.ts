import { hold, type OpenArea } from "../area.ts";
import { holdServing, type Serving } from "../rig/serving.ts";

/** An area before the gateway: what is checked beside the answer is that the neighbour was served all the while. */
export async function servingArea(
  open: (serving: Serving) => { check(bytes: Buffer): Promise<void>; close(): void },
): Promise<OpenArea> {
  const serving = await holdServing();
  const { neighbour } = serving;
  const area = open(serving);
  return {
    async check(bytes) {
      await area.check(bytes);
      hold(neighbour.wrong() === 0, "another deployment is answered rightly all the while");
    },
    pids: () => serving.pids,
    takeLongestWaitMs: () => neighbour.takeLongestWaitMs(),
    async close() {
      area.close();
      await serving.close();
    },
  };
}
