import { buttonClass } from "@slipway/ui/button";
import type { Metadata } from "next";
import Link from "next/link";
import { Frame } from "../features/frame/frame.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFoundPage() {
  return (
    <Frame>
      <div className="mx-auto mt-[8vh] max-w-md text-center">
        <h1 className="mb-2 font-semibold text-2xl">There is nothing here</h1>
        <p className="mb-6 text-ink-soft">The page was removed, or its address is not complete.</p>
        <Link href="/deployments" className={buttonClass("plain")}>
          Go to the deployments
        </Link>
      </div>
    </Frame>
  );
}
