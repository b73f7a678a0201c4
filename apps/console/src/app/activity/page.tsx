import type { Metadata } from "next";
import { ActivityPage } from "../../features/activity/activity-page.tsx";
import { queryOf } from "../../features/activity/activity-query.ts";

export const metadata: Metadata = { title: "Activity" };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ searchParams }: Props) {
  return <ActivityPage query={queryOf(await searchParams)} />;
}
