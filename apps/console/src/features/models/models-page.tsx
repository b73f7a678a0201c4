import { buttonClass } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import Link from "next/link";
import { TrpcProvider } from "../../trpc/provider.tsx";
import { Frame } from "../frame/frame.tsx";
import type { ModelsQuery } from "./model-path.ts";
import { ModelsList, ModelsTitle } from "./models-list.tsx";
import { readRegistry } from "./read-registry.ts";
import { type ModelsPart, PAGE_ITEMS } from "./registry-parts.ts";

/** The registered models of a group, page by page. All of what it shows is in its address. */
export async function ModelsPage({ query }: { query: ModelsQuery }) {
  const answer = await readRegistry<ModelsPart>("/models", { ...query, limit: String(PAGE_ITEMS) });
  return (
    <Frame>
      {answer.ok ? (
        <TrpcProvider key={query.group}>
          <ModelsList query={query} first={answer.body} nowMs={Date.now()} />
        </TrpcProvider>
      ) : (
        <>
          <ModelsTitle />
          {answer.reason === "not allowed" ? (
            <Notice tone="warn" title={`You may not see the models of group ${query.group}.`}>
              <p>Ask an administrator of the group for the role of a viewer.</p>
            </Notice>
          ) : (
            <Notice tone="bad" title="This address asks for something that there is not.">
              <Link href="/models" className={`mt-3 ${buttonClass("plain")}`}>
                Show all models
              </Link>
            </Notice>
          )}
        </>
      )}
    </Frame>
  );
}
