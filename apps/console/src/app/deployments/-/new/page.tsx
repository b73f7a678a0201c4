import type { Metadata } from "next";
import { NewDeploymentPage } from "../../../../features/deployment-editor/editor-page.tsx";

export const metadata: Metadata = { title: "New deployment" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ searchParams }: Props) {
  const { group, clone, model, version } = await searchParams;
  return <NewDeploymentPage group={only(group)} clone={only(clone)} model={only(model)} version={only(version)} />;
}

function only(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
