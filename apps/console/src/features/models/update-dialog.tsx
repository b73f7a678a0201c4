import type { ModelVersionView } from "@slipway/contracts";
import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { SelectField } from "@slipway/ui/field";
import { Skeleton } from "@slipway/ui/skeleton";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type SyntheticEvent, useState } from "react";
import { trpc } from "../../trpc/client.ts";
import { failureOf } from "../../trpc/failure.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { pathOfUpdate } from "./model-path.ts";
import { type UpdateChoice, updateChoices } from "./update-choices.ts";

const DEPLOYMENTS_MAX = 200;

/** Chooses the deployment that shall have a version; its page then shows the change, to be reviewed and applied. */
export function UpdateDialog({ of, onClose }: { of: ModelVersionView; onClose: () => void }) {
  const router = useRouter();
  const key = { group: of.group, name: of.model };
  const { data, error } = useQuery({
    queryKey: ["registry", "update", key.group, key.name, of.version],
    queryFn: async ({ signal }) => {
      const list = { kind: "deployments", group: key.group, limit: DEPLOYMENTS_MAX };
      const [model, { items }] = await Promise.all([
        trpc.registry.get.query(key, { signal }),
        trpc.resource.list.query(list, { signal }),
      ]);
      const names = items.filter(({ metadata }) => metadata.deletedAt === null).map(({ metadata }) => metadata.name);
      return updateChoices(model, of.version, names);
    },
    retry: false,
  });
  const [picked, setPicked] = useState("");
  // What has nothing to do with the model is chosen by hand alone.
  const chosen = picked || (data?.withThisModel[0]?.name ?? "");

  function go(event: SyntheticEvent) {
    event.preventDefault();
    if (chosen !== "") router.push(pathOfUpdate(key, of.version, chosen));
  }

  return (
    <Dialog title={`Update a deployment to version ${of.version}`} onClose={onClose}>
      <form onSubmit={go} className="grid gap-4">
        <p>Its page opens with the change. Nothing is applied before you have reviewed it.</p>
        {error !== null ? (
          <FailureNotice failure={failureOf(error)} />
        ) : data === undefined ? (
          <Skeleton className="h-16 w-full rounded-md" />
        ) : data.withThisModel.length + data.others.length === 0 ? (
          <p className="text-ink-soft">No deployment of group {key.group} could be changed to it.</p>
        ) : (
          <SelectField label="Deployment" value={chosen} onChange={({ target }) => setPicked(target.value)}>
            {chosen === "" ? <option value="">Choose one</option> : null}
            <Options label={`With another version of ${key.name}`} choices={data.withThisModel} />
            <Options label="Others" choices={data.others} />
          </SelectField>
        )}
        <DialogActions onClose={onClose}>
          <Button type="submit" look="primary" disabled={chosen === ""}>
            Continue
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function Options({ label, choices }: { label: string; choices: readonly UpdateChoice[] }) {
  if (choices.length === 0) return null;
  return (
    <optgroup label={label}>
      {choices.map(({ name, has }) => (
        <option key={name} value={name}>
          {has === "" ? name : `${name} (${has})`}
        </option>
      ))}
    </optgroup>
  );
}
