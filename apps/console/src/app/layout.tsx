import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { preferencesOf } from "../features/frame/preferences.ts";
import { Shell } from "../features/frame/shell.tsx";
import { INTERNAL_HEADERS } from "../server-headers.ts";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Slipway", template: "%s · Slipway" },
  description: "Deployments of machine-learning models",
  referrer: "no-referrer",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#161b22" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  const preferences = preferencesOf((name) => jar.get(name)?.value);
  return (
    <html lang="en" data-theme={preferences.theme}>
      <body className="min-h-dvh antialiased">
        <Shell preferences={preferences} gatewayUrl={(await headers()).get(INTERNAL_HEADERS.gatewayUrl) ?? ""}>
          {children}
        </Shell>
      </body>
    </html>
  );
}
