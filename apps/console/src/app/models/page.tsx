import type { Metadata } from "next";
import { queryOf } from "../../features/models/model-path.ts";
import { ModelsPage } from "../../features/models/models-page.tsx";

export const metadata: Metadata = { title: "Models" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ searchParams }: Props) {
  return <ModelsPage query={queryOf(await searchParams)} />;
}
