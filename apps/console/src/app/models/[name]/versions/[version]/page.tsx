import type { Metadata } from "next";
import { queryOf } from "../../../../../features/models/model-path.ts";
import { VersionPage } from "../../../../../features/models/version-page.tsx";

type Props = {
  params: Promise<{ name: string; version: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, version } = await params;
  return { title: `${decodeURIComponent(name)} version ${decodeURIComponent(version)}` };
}

export default async function Page({ params, searchParams }: Props) {
  const { name, version } = await params;
  const { group } = queryOf(await searchParams);
  return <VersionPage name={decodeURIComponent(name)} version={decodeURIComponent(version)} group={group} />;
}
