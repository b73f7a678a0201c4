import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { SignOutButton } from "../session/sign-out-button.tsx";
import { Header } from "./header.tsx";
import { THEME_COOKIE, themeOf } from "./theme.ts";

/** The frame of every page: header and content. To whom is not signed in the header offers less. */
export async function Frame({ isSignedIn, children }: { isSignedIn: boolean; children: ReactNode }) {
  const theme = themeOf((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <>
      <Header theme={theme} isSignedIn={isSignedIn} signOut={isSignedIn ? <SignOutButton /> : null} />
      <main id="content" tabIndex={-1} className="mx-auto max-w-[90rem] px-4 py-6 outline-none sm:px-6">
        {children}
      </main>
    </>
  );
}
