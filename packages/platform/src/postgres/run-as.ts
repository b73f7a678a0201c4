import { execFile } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { PlatformError } from "../platform-error.ts";

const run = promisify(execFile);

export type Account = { name: string; uid: number; gid: number };

/** How a program is started so that it does not run as root. */
export type RunAs = {
  /** Owner of the files that it writes; null = whoever runs Slipway. */
  user: Account | null;
  /** Words before the program's own command line. */
  prefix: readonly string[];
};

/** Accounts that PostgreSQL may run under when Slipway runs as root, best first. */
const ACCOUNTS = ["postgres", "nobody"];

/**
 * Ways past folders that are closed to the account (a home of mode 0700), the least powerful first. Each is one capability;
 * without the secure bit the kernel leaves it out of access(2), by which initdb looks for its server. Containers often lack
 * the first capability, some the right to set the bit.
 */
const WAYS_PAST_CLOSED_FOLDERS = ["--securebits=+no_setuid_fixup", null].flatMap((bit) =>
  ["dac_read_search", "dac_override"].map((capability) => [
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
    ...(bit === null ? [] : [bit]),
  ]),
);

/** Asks for each path as its first user will: whether it may be searched or run. */
const REACHES_ALL = 'for path; do test -x "$path" || { echo "$path is out of reach" >&2; exit 1; }; done';

function account(): Account | null {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const wanted of ACCOUNTS) {
    const fields = lines.find((line) => line.startsWith(`${wanted}:`))?.split(":");
    if (fields !== undefined) return { name: wanted, uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  return null;
}

/** Whether any account may walk to this path: every folder above it is open to all. */
function isOpenToAll(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Nothing lets PostgreSQL in where root started Slipway. */
export class CannotLeaveRootError extends PlatformError {
  constructor(reason: string) {
    super(
      `PostgreSQL does not run as root, and ${reason}.`,
      "start as another user, or set SLIPWAY_DATA_DIR to a folder that is open to all, such as /var/lib/slipway.",
    );
  }
}

/**
 * Decides how PostgreSQL starts: as oneself, or (as root) as another account, with a capability only when a folder on the
 * way to `paths` is closed to it. `paths` are folders and programs that must exist. `owner` has data there already, and stays its owner.
 * @throws CannotLeaveRootError in words when root cannot start it.
 */
export async function chooseRunAs(paths: readonly string[], owner: Account | null): Promise<RunAs> {
  if (process.getuid?.() !== 0) return { user: null, prefix: [] };
  const user = owner ?? account();
  if (user === null) {
    throw new CannotLeaveRootError(`there is no account ${ACCOUNTS.join(" or ")}`);
  }
  const change = ["setpriv", `--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"];
  const closed = paths.filter((path) => !isOpenToAll(path));
  const ways = closed.length === 0 ? [[]] : WAYS_PAST_CLOSED_FOLDERS;
  const failures: string[] = [];
  for (const way of ways) {
    const prefix = [...change, ...way];
    try {
      const [program = "", ...words] = [...prefix, "sh", "-c", REACHES_ALL, "sh", ...paths];
      await run(program, words, { timeout: 10_000 });
      return { user, prefix };
    } catch (error) {
      failures.push(error instanceof Error ? (error.message.split("\n")[1] ?? error.message) : String(error));
    }
  }
  throw new CannotLeaveRootError(
    `the account ${user.name} cannot reach ${closed.join(" and ")} (${failures.join("; ")})`,
  );
}
