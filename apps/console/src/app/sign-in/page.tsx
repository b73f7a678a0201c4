import type { Metadata } from "next";
import { Frame } from "../../features/frame/frame.tsx";
import { SignInForm } from "../../features/session/sign-in-form.tsx";

export const metadata: Metadata = { title: "Sign in" };

export default function SignInPage() {
  return (
    <Frame>
      <div className="mx-auto mt-[8vh] max-w-sm rounded-xl border border-line bg-surface p-6">
        <h1 className="mb-4 font-semibold text-xl">Sign in to Slipway</h1>
        <SignInForm />
        <noscript>
          <p className="mt-4 text-bad">Signing in needs JavaScript.</p>
        </noscript>
      </div>
    </Frame>
  );
}
