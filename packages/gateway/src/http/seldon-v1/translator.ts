import { Worker } from "node:worker_threads";
import { SlipwayError } from "@slipway/contracts";
import { READY, type Service } from "@slipway/service-kit";
import { translate } from "./translate.ts";
import type { Translated, TranslateJob, TranslateMessage, TranslateReply } from "./translate-messages.ts";

/** A body up to this size is translated in a millisecond or two; a larger one must not keep everybody else waiting. */
export const INLINE_BYTES = 64 * 1024;
/** Beyond it the thread ends, and not the gateway with it. */
const THREAD_MIB = 1_024;
const MAIN = new URL("./translate-main.ts", import.meta.url);

type Pending = { resolve: (translated: Translated) => void; reject: (error: unknown) => void };

/** Translates bodies of Seldon's first protocol: small ones at once, large ones one after the other in a thread. */
export class Translator implements Service {
  readonly name = "translator";
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #lastId = 0;

  start(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  ready() {
    return READY;
  }

  /** @throws SlipwayError request/malformed_json, request/too_deep, request/invalid */
  async translate(job: TranslateJob): Promise<Translated> {
    if (job.body.byteLength <= INLINE_BYTES) return translate(job);
    const worker = this.#started();
    this.#lastId += 1;
    const message: TranslateMessage = { id: this.#lastId, job };
    return new Promise((resolve, reject) => {
      this.#pending.set(message.id, { resolve, reject });
      worker.postMessage(message);
    });
  }

  /** The thread starts with the first large body; one that ends takes what it had with it, and the next body starts another. */
  #started(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(MAIN, { name: "translator", resourceLimits: { maxOldGenerationSizeMb: THREAD_MIB } });
    worker.unref();
    worker.on("message", (reply: TranslateReply) => this.#onReply(reply));
    worker.on("error", (error) => this.#onLost(error));
    worker.on("exit", (code) => this.#onLost(new Error(`the translating thread ended with ${code}`)));
    this.#worker = worker;
    return worker;
  }

  #onReply(reply: TranslateReply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if ("translated" in reply) pending?.resolve(reply.translated);
    else if (reply.failure === null) pending?.reject(new Error(reply.detail));
    else {
      const { code, data, field } = reply.failure;
      pending?.reject(new SlipwayError(code, data, field === undefined ? {} : { field }));
    }
  }

  #onLost(error: Error): void {
    this.#worker = null;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
