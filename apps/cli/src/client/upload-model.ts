import { formatMemory, type ModelVersionView, modelVersionView, registeredModelView } from "@slipway/contracts";
import * as z from "zod";
import type { CommandContext } from "../commands/context.ts";
import { CommandFailure } from "../failure.ts";
import { type ApiClient, pathOf } from "./api-client.ts";

export type UploadModel = {
  /** Of the registered model. */
  name: string;
  group: string;
  /** Absolute path of the file, and what it is called in the registry. */
  file: string;
  filename: string;
  alias?: string | undefined;
  description?: string | undefined;
};

/** Sends a file to the registry as a model's next version, and on a terminal says how far it is. */
export async function uploadModel(context: CommandContext, upload: UploadModel): Promise<ModelVersionView> {
  const { terminal } = context;
  const { name, group, file, filename, alias, description } = upload;
  let shown = -1;
  try {
    return await context.api().upload({
      path: versionsPath(name),
      query: { group, filename, alias, description },
      file,
      onProgress(sent, total) {
        const percent = total === 0 ? 100 : Math.floor((sent / total) * 100);
        if (percent === shown || !terminal.isInteractive) return;
        shown = percent;
        terminal.progress(`${bar(percent)} ${percent} %, ${formatMemory(sent)} of ${formatMemory(total)}`);
      },
      answer: modelVersionView,
    });
  } finally {
    terminal.endProgress();
  }
}

const versions = z.object({ items: z.array(modelVersionView), next: z.string().nullable() });

/** The version of a registered model that is these bytes, and the number that the next one gets. */
export async function findUploaded(
  api: ApiClient,
  { name, group, sha256 }: { name: string; group: string; sha256: string },
): Promise<{ known: ModelVersionView | null; next: number }> {
  try {
    const model = await api.call({ path: modelPath(name), query: { group }, answer: registeredModelView });
    let after: string | undefined;
    do {
      const query = { group, limit: 200, after };
      const page = await api.call({ path: versionsPath(name), query, answer: versions });
      const known = page.items.find((version) => version.sha256 === sha256);
      if (known !== undefined) return { known, next: known.version };
      after = page.next ?? undefined;
    } while (after !== undefined);
    return { known: null, next: (model.latestVersion ?? 0) + 1 };
  } catch (error) {
    if (error instanceof CommandFailure && error.exit === "notFound") return { known: null, next: 1 };
    throw error;
  }
}

function modelPath(name: string): string {
  return pathOf("registry", "models", name);
}

function versionsPath(name: string): string {
  return pathOf("registry", "models", name, "versions");
}

const BAR_WIDTH = 24;

function bar(percent: number): string {
  const full = Math.round((percent / 100) * BAR_WIDTH);
  return `[${"#".repeat(full)}${".".repeat(BAR_WIDTH - full)}]`;
}
