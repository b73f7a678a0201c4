import type { Metadata } from "next";
import { WelcomePage } from "../../features/welcome/welcome-page.tsx";

export const metadata: Metadata = { title: "First steps" };

export default function Page() {
  return <WelcomePage />;
}
