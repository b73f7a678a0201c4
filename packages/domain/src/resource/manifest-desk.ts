import { Worker } from "node:worker_threads";
import { type ManifestDocument, requireManifestSize, SlipwayError } from "@slipway/contracts";
import { type Clock, READY, type Service } from "@slipway/service-kit";
import type { ManifestReader } from "./manifest-reader.ts";
import type { ManifestAsk, ManifestReply } from "./manifest-worker.ts";

/** Threads that read at once. */
const THREADS = 2;
/** Texts that wait for one; one more is refused. */
export const MANIFESTS_WAITING = 32;
/** How long one text may take from when a thread has begun with it; the largest takes half a second on an idle machine. */
const READ_MS = 10_000;
/** A thread is started so long after the process, whose own start it is not to slow down: whoever applies first finds it. */
const WARM_MS = 5_000;
/** What one thread may hold. */
const THREAD_MIB = 256;

type Job = {
  id: number;
  text: string;
  signal: AbortSignal;
  resolve: (documents: ManifestDocument[]) => void;
  reject: (error: unknown) => void;
};

export type ManifestDesk = Service & ManifestReader & { waiting(): number };

/**
 * Reads manifests in threads of their own, so that no text keeps anybody else waiting, whatever it holds. One that takes too
 * long or too much memory is given up together with its thread, and so is one whose sender has left.
 */
export function createManifestDesk({ clock }: { clock: Clock }): ManifestDesk {
  const queue: Job[] = [];
  const threads = new Set<ReadingThread>();
  let lastId = 0;
  let isStopping = false;
  let cancelWarming: () => void = () => undefined;

  function next(): void {
    while (queue.length > 0) {
      const thread = [...threads].find(({ isFree }) => isFree) ?? startThread();
      const job = thread === null ? undefined : queue.shift();
      if (thread === null || job === undefined) return;
      thread.read(job);
    }
  }

  function startThread(): ReadingThread | null {
    if (threads.size >= THREADS) return null;
    const thread = new ReadingThread(clock, { onFree: next, onEnd: () => threads.delete(thread) });
    threads.add(thread);
    return thread;
  }

  return {
    name: "manifests",
    waiting: () => queue.length,
    async start() {
      isStopping = false;
      cancelWarming = clock.after(WARM_MS, () => void startThread());
    },
    async stop() {
      isStopping = true;
      cancelWarming();
      for (const { reject } of queue.splice(0)) reject(new SlipwayError("request/cancelled", {}));
      await Promise.all([...threads].map((thread) => thread.end(new SlipwayError("request/cancelled", {}))));
    },
    ready: () => READY,
    read(text, signal) {
      return new Promise((resolve, reject) => {
        requireManifestSize(text);
        signal.throwIfAborted();
        if (isStopping) throw new SlipwayError("request/cancelled", {});
        if (queue.length >= MANIFESTS_WAITING) throw new SlipwayError("manifest/too_many", { limit: queue.length });
        lastId += 1;
        const job: Job = { id: lastId, text, signal, ...settling(signal, { resolve, reject }, () => leave(job)) };
        queue.push(job);
        next();
      });
    },
  };

  /** The sender has left. */
  function leave(job: Job): void {
    const place = queue.indexOf(job);
    if (place !== -1) queue.splice(place, 1);
    job.reject(job.signal.reason);
    for (const thread of threads) if (thread.reads(job)) void thread.end(job.signal.reason);
    next();
  }
}

/** Listens for the sender's leaving until the job is settled. */
function settling(
  signal: AbortSignal,
  { resolve, reject }: Pick<Job, "resolve" | "reject">,
  onLeave: () => void,
): Pick<Job, "resolve" | "reject"> {
  signal.addEventListener("abort", onLeave, { once: true });
  const done = () => signal.removeEventListener("abort", onLeave);
  return {
    resolve(documents) {
      done();
      resolve(documents);
    },
    reject(error) {
      done();
      reject(error);
    },
  };
}

type ThreadEvents = { onFree: () => void; onEnd: () => void };

/** One thread, which reads one text at a time until it is ended. */
class ReadingThread {
  readonly #worker: Worker;
  readonly #clock: Clock;
  readonly #events: ThreadEvents;
  #job: Job | null = null;
  #hasEnded = false;
  #cancelDeadline: () => void = () => undefined;

  constructor(clock: Clock, events: ThreadEvents) {
    this.#clock = clock;
    this.#events = events;
    this.#worker = new Worker(new URL("./manifest-worker.ts", import.meta.url), {
      name: "manifests",
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MIB },
    });
    // A reader of manifests keeps no process alive.
    this.#worker.unref();
    this.#worker.on("message", (reply: ManifestReply) => {
      if (reply.id === this.#job?.id) this.#take(this.#job, reply);
    });
    this.#worker.on("error", (error) => void this.end(isOutOfMemory(error) ? tooCostly() : error));
    this.#worker.on("exit", () => void this.end(new Error("the thread that reads manifests ended")));
  }

  get isFree(): boolean {
    return this.#job === null && !this.#hasEnded;
  }

  reads(job: Job): boolean {
    return this.#job === job;
  }

  read(job: Job): void {
    this.#job = job;
    const ask: ManifestAsk = { id: job.id, text: job.text };
    this.#worker.postMessage(ask);
  }

  /** Ends the thread; what it reads ends with `reason`. */
  async end(reason: unknown): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#events.onEnd();
    this.#free()?.reject(reason);
    this.#events.onFree();
    await this.#worker.terminate();
  }

  #take(job: Job, reply: ManifestReply): void {
    switch (reply.is) {
      case "begun":
        this.#cancelDeadline = this.#clock.after(READ_MS, () => void this.end(tooCostly()));
        return;
      case "read":
        this.#free();
        job.resolve(reply.documents);
        break;
      case "refused": {
        this.#free();
        const { data, problems } = reply;
        const [first] = problems;
        const options = { problems, ...(first === undefined ? {} : { field: first.field }) };
        job.reject(new SlipwayError("manifest/invalid", data, options));
        break;
      }
      case "failed":
        this.#free();
        job.reject(new Error(reply.failure));
        break;
      default:
        reply satisfies never;
    }
    this.#events.onFree();
  }

  #free(): Job | null {
    this.#cancelDeadline();
    const job = this.#job;
    this.#job = null;
    return job;
  }
}

function isOutOfMemory(error: Error): boolean {
  return "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}

function tooCostly(): SlipwayError<"manifest/too_costly"> {
  return new SlipwayError("manifest/too_costly", { limitMs: READ_MS, limitBytes: THREAD_MIB * 1024 * 1024 });
}
