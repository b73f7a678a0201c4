import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { fromFailure, type RunnerAnswer, type RunnerRequest, type RunnerResult } from "./runner-messages.ts";

const MAIN = fileURLToPath(new URL("./runner-main.ts", import.meta.url));

type WithoutId<Request> = Request extends unknown ? Omit<Request, "id"> : never;
type Pending = { resolve: (result: RunnerResult) => void; reject: (error: unknown) => void };

/** The process of a runner is gone; `how` is its signal or exit code, in words. */
export class RunnerGone extends Error {
  override readonly name = "RunnerGone";
  readonly how: string;

  constructor(how: string) {
    super(`the runner's process ended: ${how}`);
    this.how = how;
  }
}

/** A process that runs models, so that one which hangs or crashes can be ended, or ends, without any other. */
export type Runner = {
  /** @throws SlipwayError what the runner met; RunnerGone when its process ended before it answered */
  call(request: WithoutId<RunnerRequest>): Promise<RunnerResult>;
  /** Lets the system prefer all others to it: for one that computes for long. */
  stepBack(): void;
  /** Ends the process at once, in the middle of whatever it does. */
  kill(): void;
  /** Lets it end when it has done what it was asked for; resolves when it is gone. */
  stop(): Promise<void>;
};

/** Starts one. `onGone` is called when its process ended, for whatever reason; its open calls were rejected before. */
export function startRunner(onGone: (how: string) => void): Runner {
  const child = fork(MAIN, [], { serialization: "advanced", stdio: ["ignore", "inherit", "inherit", "ipc"] });
  if (child.pid !== undefined) offerToOutOfMemory(child.pid);
  const pending = new Map<number, Pending>();
  let nextId = 0;
  let how: string | null = null;
  let settleGone: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    settleGone = resolve;
  });
  const end = (reason: string) => {
    if (how !== null) return;
    how = reason;
    for (const waiting of pending.values()) waiting.reject(new RunnerGone(reason));
    pending.clear();
    settleGone();
    onGone(reason);
  };
  child.on("message", (answer: RunnerAnswer) => {
    const waiting = pending.get(answer.id);
    pending.delete(answer.id);
    if ("failure" in answer) waiting?.reject(fromFailure(answer.failure));
    else waiting?.resolve(answer.result);
  });
  // One that cannot be started, or a message that cannot be sent: in both cases it is of no use any more.
  child.on("error", (error) => {
    child.kill("SIGKILL");
    end(error.message);
  });
  child.on("exit", (code, signal) => end(signal ?? `exit code ${code}`));
  return {
    call: (request) =>
      new Promise((resolve, reject) => {
        if (how !== null) return reject(new RunnerGone(how));
        nextId += 1;
        const id = nextId;
        pending.set(id, { resolve, reject });
        child.send({ ...request, id }, (error) => {
          if (error === null) return;
          pending.delete(id);
          reject(new RunnerGone(how ?? error.message));
        });
      }),
    stepBack: () => void (child.pid !== undefined && lowerPriority(child.pid)),
    kill: () => void child.kill("SIGKILL"),
    async stop() {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

/** When memory runs out the kernel ends a runner, whose models alone it concerns, before a process that serves all. */
function offerToOutOfMemory(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, "500");
  } catch {
    // It ended already, or the system has no such thing.
  }
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It ended already, or the system does not allow it: slower for others, but right.
  }
}
