import type { ResourceView } from "@slipway/contracts";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { readApi } from "../features/frame/read-api.ts";
import { isWelcomeDue, WELCOME_COOKIE, WELCOME_PATH } from "../features/welcome/first-page.ts";

/** More demos than there are: whoever has more deployments has one of their own. */
const LOOKED_AT = "50";

/** Where people come in: the first page as long as it helps, then the list. */
export default async function HomePage(): Promise<never> {
  const cookie = (await cookies()).get(WELCOME_COOKIE)?.value;
  const answer = await readApi<{ items: ResourceView[] }>("/deployments", { group: "*", limit: LOOKED_AT });
  redirect(answer.ok && isWelcomeDue(cookie, answer.body.items) ? WELCOME_PATH : "/deployments");
}
