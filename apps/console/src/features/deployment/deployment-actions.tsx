import type { ResourceView } from "@slipway/contracts";
import { Button, buttonClass } from "@slipway/ui/button";
import { useToasts } from "@slipway/ui/toast";
import Link from "next/link";
import { trpc } from "../../trpc/client.ts";
import { useAction } from "../../trpc/use-action.ts";
import { useDialogAddress } from "../frame/use-dialog-address.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { type DeploymentDetails, targetOf, targetOfResource } from "./deployment-details.ts";
import { pathOfEdit, pathOfNew } from "./deployment-path.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { ScaleDialog } from "./scale-dialog.tsx";
import { StopDialog } from "./stop-dialog.tsx";

const DIALOGS = ["scale", "stop", "delete"] as const;

/** Takes in what a change answered and says it in words; `undo` makes it as it was before. */
export type Take = (resource: ResourceView, words: string, undo?: () => Promise<ResourceView>) => void;

/** What can be done with a deployment as a whole. */
export function DeploymentActions({
  details,
  take,
}: {
  details: DeploymentDetails;
  take: (resource: ResourceView) => void;
}) {
  const [open, setOpen] = useDialogAddress(DIALOGS);
  const starting = useAction();
  const close = () => setOpen(null);
  const toasts = useToasts();
  const say: Take = (resource, words, undo) => {
    take(resource);
    toasts.show(undo === undefined ? { words } : { words, undo: { run: async () => take(await undo()) } });
  };
  const sayAndClose: Take = (...said) => {
    say(...said);
    close();
  };

  async function start() {
    const resource = await starting.run(() => trpc.resource.start.mutate(targetOf(details)));
    if (resource === null) return;
    say(resource, `${details.name} starts.`, () => trpc.resource.stop.mutate(targetOfResource(resource)));
  }

  return (
    <div>
      <div className="flex flex-wrap gap-2">
        {details.isDeleting ? null : (
          <Link href={pathOfEdit(details)} prefetch={false} className={buttonClass("plain")}>
            Edit
          </Link>
        )}
        <Link href={pathOfNew(details.group, details.name)} prefetch={false} className={buttonClass("plain")}>
          Clone
        </Link>
        <Button disabled={details.isDeleting} onClick={() => setOpen("scale")}>
          Scale
        </Button>
        {details.isRunning ? (
          <Button disabled={details.isDeleting} onClick={() => setOpen("stop")}>
            Stop
          </Button>
        ) : (
          <Button disabled={details.isDeleting || starting.isPending} onClick={start}>
            {starting.isPending ? "Starting…" : "Start"}
          </Button>
        )}
        <Button look="danger" disabled={details.isDeleting} onClick={() => setOpen("delete")}>
          Delete
        </Button>
      </div>
      <FailureNotice failure={starting.failure} />
      {open === "scale" ? <ScaleDialog details={details} take={sayAndClose} onClose={close} /> : null}
      {open === "stop" ? <StopDialog details={details} take={sayAndClose} onClose={close} /> : null}
      {open === "delete" ? <DeleteDialog details={details} take={sayAndClose} onClose={close} /> : null}
    </div>
  );
}
