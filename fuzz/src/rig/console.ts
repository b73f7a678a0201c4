import { readFileSync } from "node:fs";
import { dataDirLayout } from "@slipway/service-kit";
import { startOwnPostgres, startTestConsole, type TestConsole } from "@slipway/testkit";
import * as z from "zod";
import { type Neighbour, watchNeighbour } from "./neighbour.ts";
import { sharedRig } from "./shared-rig.ts";

/** A console process on a database of its own, with a few resources in it, and somebody else who asks it all the while. */
export type ConsoleRig = {
  console: TestConsole;
  token: string;
  neighbour: Neighbour;
  close(): Promise<void>;
};

async function start(): Promise<ConsoleRig> {
  const postgres = await startOwnPostgres();
  const { url, db } = await postgres.database("fuzz");
  const closeDatabase = async () => {
    await db.close();
    await postgres.stop();
  };
  try {
    const console = await startTestConsole({ databaseUrl: url });
    const credentials: unknown = JSON.parse(readFileSync(dataDirLayout(console.dataDir).credentials, "utf8"));
    const { token } = z.object({ token: z.string() }).parse(credentials);
    const ask = { url: `${console.url}/health/live`, method: "GET", body: "", expected: [] } as const;
    const neighbour = await watchNeighbour(ask);
    const close = async () => {
      await neighbour.stop();
      await console.stop();
      await closeDatabase();
    };
    return { console, token, neighbour, close };
  } catch (error) {
    await closeDatabase();
    throw error;
  }
}

/** The same for all areas that are open at once. */
export const holdConsole = sharedRig(start);
