import { buttonClass } from "@slipway/ui/button";
import { CodeBlock } from "@slipway/ui/code-block";
import Link from "next/link";

/** The way to a model of one's own. */
export function OwnModel({ isFirst }: { isFirst: boolean }) {
  return (
    <section aria-labelledby="own" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <h2 id="own" className="mb-1 font-semibold text-lg">
        {isFirst ? "Your first model" : "Now yours"}
      </h2>
      <p className="mb-4 max-w-prose text-ink-soft">
        Choose or upload an ONNX file, and its inputs and outputs are read from it. Everything else has a default.
      </p>
      <Link href="/deployments/new" className={`${buttonClass(isFirst ? "primary" : "plain")} mb-4`}>
        Deploy a model
      </Link>
      <p className="mb-2 text-ink-soft text-sm">Or from the command line:</p>
      <CodeBlock text="npx slipway apply ./my-model.onnx" label="Deploying from the command line" />
    </section>
  );
}
