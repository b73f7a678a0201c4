import type { Metadata } from "next";
import { ServersPage } from "../../features/servers/servers-page.tsx";

export const metadata: Metadata = { title: "Servers" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ searchParams }: Props) {
  const { group } = await searchParams;
  return <ServersPage group={Array.isArray(group) ? group[0] : group} />;
}
