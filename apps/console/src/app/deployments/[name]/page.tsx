import type { Metadata } from "next";
import { DeploymentPage } from "../../../features/deployment/deployment-page.tsx";

type Props = {
  params: Promise<{ name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params, searchParams }: Props) {
  const { name } = await params;
  const { group } = await searchParams;
  return <DeploymentPage name={decodeURIComponent(name)} group={Array.isArray(group) ? group[0] : group} />;
}
