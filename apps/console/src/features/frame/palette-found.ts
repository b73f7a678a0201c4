import type { RegisteredModelView, ResourceView } from "@slipway/contracts";

/** What the server found for a text. */
export type Found = {
  deployments: readonly ResourceView[];
  models: readonly RegisteredModelView[];
  servers: readonly ResourceView[];
  /** Some kind could not be searched. */
  isPart: boolean;
};

export const NOTHING: Found = { deployments: [], models: [], servers: [], isPart: false };

/**
 * Of what was found for another text, that which has this one in its name or title, so that nobody who types on and presses
 * Enter at once opens something else.
 */
export function whatStillMatches(found: Found, search: string): Found {
  const wanted = search.toLowerCase();
  const has = (...texts: (string | null | undefined)[]) => texts.some((text) => text?.toLowerCase().includes(wanted));
  const resource = ({ metadata: { name, title } }: ResourceView) => has(name, title);
  return {
    ...found,
    deployments: found.deployments.filter(resource),
    models: found.models.filter(({ name, description }) => has(name, description)),
    servers: found.servers.filter(resource),
  };
}
