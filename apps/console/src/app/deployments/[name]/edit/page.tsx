import type { Metadata } from "next";
import { EditDeploymentPage } from "../../../../features/deployment-editor/editor-page.tsx";

type Props = {
  params: Promise<{ name: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Edit ${decodeURIComponent((await params).name)}` };
}

export default async function Page({ params, searchParams }: Props) {
  const { name } = await params;
  const { group } = await searchParams;
  return <EditDeploymentPage name={decodeURIComponent(name)} group={Array.isArray(group) ? group[0] : group} />;
}
