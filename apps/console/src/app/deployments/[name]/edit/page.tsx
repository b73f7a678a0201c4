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
  const { group, model, version } = await searchParams;
  const asked = { group: only(group), model: only(model), version: only(version) };
  return <EditDeploymentPage name={decodeURIComponent(name)} {...asked} />;
}

function only(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
