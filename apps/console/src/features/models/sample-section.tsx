import type { ModelVersionView } from "@slipway/contracts";
import { originWords } from "@slipway/contracts/model-words";
import { Button } from "@slipway/ui/button";
import { CodeBlock } from "@slipway/ui/code-block";
import { lazyTab } from "../deployment/lazy-tab.tsx";
import { useDialogAddress } from "../frame/use-dialog-address.ts";

const FORMS = ["sample"] as const;
const SampleForm = lazyTab(() => import("./sample-form.tsx").then(({ SampleForm: Form }) => Form));

/** The request to try a version with, where it comes from, and a way to give another one. */
export function SampleSection({ of }: { of: ModelVersionView }) {
  const [open, setOpen] = useDialogAddress(FORMS);
  const { sample } = of;
  return (
    <section aria-labelledby="sample">
      <h2 id="sample" className="mb-1 font-semibold text-lg">
        Sample request
      </h2>
      <p className="mb-2 max-w-prose text-ink-soft text-sm">
        {sample === null
          ? "It takes too much for a sample that one could read."
          : `${originWords(sample.origin).replace(/^./, (letter) => letter.toUpperCase())}.`}{" "}
        Trying a deployment and the first call of its page begin with it.
      </p>
      {open === "sample" ? (
        <SampleForm of={of} onClose={() => setOpen(null)} />
      ) : (
        <>
          {sample === null ? null : <CodeBlock label="Its JSON" text={JSON.stringify(sample.request, null, 2)} />}
          <div className="mt-3 flex flex-wrap gap-2">
            <Button onClick={() => setOpen("sample")}>
              {sample?.origin === "given" ? "Edit the sample" : "Give a sample"}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
