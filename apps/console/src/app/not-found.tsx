import type { Metadata } from "next";
import { Frame } from "../features/frame/frame.tsx";
import { ToDeployments } from "../features/frame/to-deployments.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFoundPage() {
  return (
    <Frame>
      <div className="mx-auto mt-[8vh] max-w-md text-center">
        <h1 className="mb-2 font-semibold text-2xl">There is nothing here</h1>
        <p className="mb-6 text-ink-soft">The page was removed, or its address is not complete.</p>
        <ToDeployments />
      </div>
    </Frame>
  );
}
