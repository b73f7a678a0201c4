import type { Metadata } from "next";
import { ModelPage } from "../../../features/models/model-page.tsx";
import { queryOf } from "../../../features/models/model-path.ts";

type Props = {
  params: Promise<{ name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params, searchParams }: Props) {
  const { name } = await params;
  return <ModelPage name={decodeURIComponent(name)} query={queryOf(await searchParams)} />;
}
