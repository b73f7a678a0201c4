import type { Metadata } from "next";
import { DeploymentsPage } from "../../features/deployments/deployments-page.tsx";

export const metadata: Metadata = { title: "Deployments" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ searchParams }: Props) {
  const { group, search } = await searchParams;
  return <DeploymentsPage group={only(group)} search={only(search) ?? ""} />;
}

function only(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
