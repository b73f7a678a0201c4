"use client";
import type { ModelVersionView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Dialog } from "@slipway/ui/dialog";
import { useToasts } from "@slipway/ui/toast";
import { useRouter } from "next/navigation";
import { useDialogAddress } from "../frame/use-dialog-address.ts";
import { pathOfModel } from "./model-path.ts";
import { UploadDrop } from "./upload-drop.tsx";
import { useReadRegistryAgain } from "./use-registry.ts";

const DIALOGS = ["upload"] as const;

/** Goes to the model that an upload made or extended, and says so. */
export function useUploaded(): (version: ModelVersionView) => void {
  const router = useRouter();
  const toasts = useToasts();
  const readAgain = useReadRegistryAgain();
  return ({ group, model, version }) => {
    toasts.show({ words: `Version ${version} of ${model} is there.` });
    router.push(pathOfModel({ group, name: model }));
    void readAgain();
  };
}

/** The button that opens the place for a file. */
export function UploadButton({ group, model }: { group: string; model?: string }) {
  const [open, setOpen] = useDialogAddress(DIALOGS);
  const uploaded = useUploaded();
  const title = model === undefined ? "Upload a model" : `Upload a version of ${model}`;
  return (
    <>
      <Button look="primary" onClick={() => setOpen("upload")}>
        {model === undefined ? "Upload a model" : "Upload a version"}
      </Button>
      {open === "upload" ? (
        <Dialog title={title} onClose={() => setOpen(null)}>
          <UploadDrop
            group={group}
            {...(model === undefined ? {} : { model })}
            onDone={(version) => {
              setOpen(null);
              uploaded(version);
            }}
          />
        </Dialog>
      ) : null}
    </>
  );
}

/** The same place on a page that has nothing else to show. */
export function UploadHere({ group }: { group: string }) {
  return <UploadDrop group={group} onDone={useUploaded()} />;
}
