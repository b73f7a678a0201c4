import { createDb } from "@slipway/db";
import { createRegistry, silentLogger, systemClock } from "@slipway/service-kit";
import { createScheduler } from "../scheduler.ts";
import { FakeFleet } from "./fake-fleet.ts";

/** A scheduler as a process of its own, for tests that kill or freeze it: arguments are database, id and control port. */
const [databaseUrl = "", schedulerId = "", port = "0"] = process.argv.slice(2);
const fleet = new FakeFleet({ addresses: [], secret: "internal" });
// Its agents run in the test, so what it would start it leaves alone.
fleet.isPaused = true;
const db = createDb(databaseUrl);
const scheduler = createScheduler(
  { schedulerId, controlPort: Number(port), healthPort: 0, secret: "internal", routersUnknownMs: 500 },
  {
    ...{ db, recorderDb: db, clock: systemClock, logger: silentLogger, random: Math.random },
    registry: createRegistry("scheduler"),
    createDriver: () => fleet,
  },
);
await scheduler.start(AbortSignal.timeout(10_000));
process.stdout.write("started\n");
