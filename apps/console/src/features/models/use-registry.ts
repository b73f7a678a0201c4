import type { ModelVersionView } from "@slipway/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { failureOf } from "../../trpc/failure.ts";
import { useLiveModels } from "../../trpc/use-live.ts";
import { EVERY_GROUP } from "../frame/group.ts";
import type { ModelKey, ModelsQuery } from "./model-path.ts";
import { type ModelsPart, type ModelWithVersions, PAGE_ITEMS } from "./registry-parts.ts";

/** Every query of these pages begins with it, so that all are read again together. */
const KEY = "registry";

/** A page of the registered models, kept as it is now. */
export function useModels(query: ModelsQuery, first: ModelsPart): ModelsPart {
  const { group, search, after } = query;
  useLiveModels(KEY, (model) => group === EVERY_GROUP || model.group === group);
  const { data } = useQuery({
    queryKey: [KEY, "models", group, search, after],
    queryFn: ({ signal }) =>
      trpc.registry.list.query({ group, search, ...afterOf(after), limit: PAGE_ITEMS }, { signal }),
    initialData: first,
  });
  return data;
}

/** A registered model with a page of its versions, kept as they are now, and whether it is gone. */
export function useModel(key: ModelKey, after: string, first: ModelWithVersions) {
  const { group, name } = key;
  const read = async (signal: AbortSignal): Promise<ModelWithVersions> => {
    const [model, versions] = await Promise.all([
      trpc.registry.get.query({ group, name }, { signal }),
      trpc.registry.versions.query({ group, name, ...afterOf(after), limit: PAGE_ITEMS }, { signal }),
    ]);
    return { model, versions };
  };
  return useKept(key, [KEY, "model", group, name, after], read, first);
}

/** One version of a registered model, kept as it is now, and whether it is gone. */
export function useVersion(key: ModelKey, first: ModelVersionView) {
  const input = { group: key.group, name: key.name, version: first.version };
  const read = (signal: AbortSignal) => trpc.registry.version.query(input, { signal });
  return useKept(key, [KEY, "version", input.group, input.name, input.version], read, first);
}

/** Reads what these pages show anew, for whoever changed something and may not be told of it. */
export function useReadRegistryAgain(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: [KEY] });
}

/** What is gone is shown as it was last, for as long as the page needs to say so. */
function useKept<Data extends object>(
  { group, name }: ModelKey,
  queryKey: readonly unknown[],
  read: (signal: AbortSignal) => Promise<Data>,
  first: Data,
): { data: Data; isGone: boolean } {
  const queryClient = useQueryClient();
  const [isGone, setGone] = useState(false);
  useLiveModels(KEY, (model) => model.group === group && model.name === name);
  const { data } = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Data> => {
      try {
        const found = await read(signal);
        setGone(false);
        return found;
      } catch (error) {
        if (!ABSENT.includes(failureOf(error).code)) throw error;
        setGone(true);
        return queryClient.getQueryData<Data>(queryKey) ?? first;
      }
    },
    initialData: () => first,
  });
  return { data, isGone };
}

const ABSENT: readonly string[] = ["registry/model_not_found", "registry/version_not_found"];

function afterOf(after: string): { after?: string } {
  return after === "" ? {} : { after };
}
