import type { ModelVersionView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { useToasts } from "@slipway/ui/toast";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useAction } from "../../trpc/use-action.ts";
import { pathOfDeployment } from "../deployment/deployment-path.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { DEFAULT_GROUP_NAME } from "../frame/group.ts";
import { pathOfModel } from "../models/model-path.ts";
import { UploadDrop } from "../models/upload-drop.tsx";
import { deployVersion } from "./deploy-version.ts";

/** The way to a model of one's own: drop a file, look at what it takes, deploy it. */
export function OwnModel({ isFirst }: { isFirst: boolean }) {
  const [version, setVersion] = useState<ModelVersionView | null>(null);
  return (
    <section aria-labelledby="own" className="rounded-xl border border-line bg-surface p-4 sm:p-5">
      <h2 id="own" className="mb-1 font-semibold text-lg">
        {isFirst ? "Your first model" : "Now yours"}
      </h2>
      {version === null ? (
        <>
          <p className="mb-4 max-w-prose text-ink-soft">
            Drop an ONNX file here. What it takes and answers is read from it.
          </p>
          <UploadDrop group={DEFAULT_GROUP_NAME} onDone={setVersion} />
        </>
      ) : (
        <Stored version={version} />
      )}
    </section>
  );
}

/** What was uploaded, ready to be deployed. */
function Stored({ version }: { version: ModelVersionView }) {
  const { group, model, version: number, signature } = version;
  const router = useRouter();
  const toasts = useToasts();
  const { isPending, failure, run } = useAction();

  async function deploy() {
    const resource = await run(() => deployVersion(version));
    if (resource === null) return;
    toasts.show({ words: `${resource.metadata.name} is being deployed.` });
    router.push(pathOfDeployment(resource.metadata));
  }

  return (
    <div>
      <p role="status" className="mb-1">
        Version {number} of <span className="font-semibold">{model}</span> is stored.
      </p>
      {signature === null ? null : (
        <p className="wrap-anywhere mb-4 text-ink-soft text-sm">
          It takes {tensorWords(signature.inputs)} and answers {tensorWords(signature.outputs)}.
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" disabled={isPending} onClick={deploy}>
          {isPending ? "Deploying…" : "Deploy it"}
        </Button>
        <Button onClick={() => router.push(pathOfModel({ group, name: model }))}>Look at the model</Button>
      </div>
      <p className="mt-3 text-ink-soft text-sm">One replica, private: callers need a token.</p>
      <FailureNotice failure={failure} />
    </div>
  );
}

type Tensors = NonNullable<ModelVersionView["signature"]>["inputs"];

function tensorWords(tensors: Tensors): string {
  return tensors.map(({ name, datatype }) => `${name} (${datatype})`).join(", ");
}
