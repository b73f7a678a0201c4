import type { Metadata } from "next";
import { DeploymentsPage } from "../../features/deployments/deployments-page.tsx";
import { readListQuery } from "../../features/deployments/list-query.ts";

export const metadata: Metadata = { title: "Deployments" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ searchParams }: Props) {
  const parameters = await searchParams;
  return <DeploymentsPage query={readListQuery({ get: (name) => only(parameters[name]) ?? null })} />;
}

function only(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
