import { type ArtifactStore, openDirectoryStore, systemRandom } from "@slipway/domain";
import { type Clock, type ConfigOf, type Logger, READY, registryS3Of, type Service } from "@slipway/service-kit";
import type { consoleSettings } from "./config.ts";

/** The registry's store, and what has to run beside it. */
export type Artifacts = { store: ArtifactStore; service: Service };

/**
 * Opens the bucket that the settings name, else the registry's folder. A bucket that cannot be used now ends no start: pages
 * and deployments need it not, and the log says what is wrong.
 * @throws ConfigError when the settings of the bucket are not complete
 */
export async function openArtifacts(
  config: ConfigOf<typeof consoleSettings>,
  { logger, clock }: { logger: Logger; clock: Clock },
): Promise<Artifacts> {
  const s3 = registryS3Of(config);
  const name = "artifacts";
  const ready = () => READY;
  if (s3 === null) {
    const store = await openDirectoryStore(config.registryDir, systemRandom);
    return { store, service: { name, ready, start: () => Promise.resolve(), stop: () => Promise.resolve() } };
  }
  // Who has no bucket does not wait for the SDK to load.
  const { openS3Store } = await import("@slipway/domain/registry/s3/s3-store");
  const store = await openS3Store(s3, { folder: config.registryDir, random: systemRandom, clock });
  const stopping = new AbortController();
  const { signal } = stopping;
  const look = async () => {
    const isOpen = await attempt(() => store.check(signal), "the registry's bucket cannot be used");
    if (isOpen)
      await attempt(() => store.endForgottenUploads(signal), "uploads left half-sent could not be looked for");
  };
  async function attempt(work: () => Promise<void>, failure: string): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!signal.aborted) logger.error({ err: error }, failure);
      return false;
    }
  }
  return {
    store,
    service: {
      name,
      ready,
      async start() {
        void look();
      },
      async stop() {
        stopping.abort();
        store.close();
      },
    },
  };
}
