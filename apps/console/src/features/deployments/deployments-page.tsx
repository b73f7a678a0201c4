import { buttonClass } from "@slipway/ui/button";
import { Notice } from "@slipway/ui/notice";
import Link from "next/link";
import { TrpcProvider } from "../../trpc/provider.tsx";
import { Frame } from "../frame/frame.tsx";
import { NotAllowed } from "./deployments-empty.tsx";
import { DeploymentsList } from "./deployments-list.tsx";
import { type ListQuery, listAddress, withoutFilters } from "./list-query.ts";
import { readList } from "./read-list.ts";

/** The list's page: reads the first part of what the address asks for, and leaves what lives to the list itself. */
export async function DeploymentsPage({ query }: { query: ListQuery }) {
  const answer = await readList(query);
  if (answer.ok) {
    return (
      <Frame>
        <TrpcProvider key={query.group}>
          <DeploymentsList first={answer.body} firstQuery={query} nowMs={Date.now()} />
        </TrpcProvider>
      </Frame>
    );
  }
  return (
    <Frame>
      <h1 className="mb-4 font-semibold text-2xl tracking-tight">Deployments</h1>
      {answer.reason === "refused" ? (
        <Notice tone="warn" title="This address asks for something that there is not.">
          <p className="mb-3">{answer.words}</p>
          <Link href={listAddress(withoutFilters(query))} className={buttonClass("plain")}>
            Show all deployments
          </Link>
        </Notice>
      ) : (
        <NotAllowed group={query.group} />
      )}
    </Frame>
  );
}
