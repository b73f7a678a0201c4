import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { SignOutButton } from "../session/sign-out-button.tsx";
import { Header } from "./header.tsx";
import { THEME_COOKIE, themeOf } from "./theme.ts";

/** The frame of every page: header and content. Without a group nobody is signed in, and the header offers less. */
export async function Frame({ group, children }: { group: string | null; children: ReactNode }) {
  const theme = themeOf((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <>
      <Header theme={theme} group={group} signOut={group === null ? null : <SignOutButton />} />
      <main id="content" tabIndex={-1} className="mx-auto max-w-[90rem] px-4 py-6 outline-none sm:px-6">
        {children}
      </main>
    </>
  );
}
