import { useSearchParams } from "next/navigation";
import { ACTION_PARAMETER } from "./deployment-path.ts";

const DIALOGS = ["scale", "stop", "delete"] as const;
export type DialogName = (typeof DIALOGS)[number];

/** Which dialog is open. It stands in the URL, so that the palette and links can open one; closed, it leaves it. */
export function useDialogAddress(): [open: DialogName | null, setOpen: (dialog: DialogName | null) => void] {
  const word = useSearchParams().get(ACTION_PARAMETER);
  const open = DIALOGS.find((dialog) => dialog === word) ?? null;
  return [
    open,
    (dialog) => {
      const url = new URL(window.location.href);
      if (dialog === null) url.searchParams.delete(ACTION_PARAMETER);
      else url.searchParams.set(ACTION_PARAMETER, dialog);
      window.history.replaceState(null, "", url);
    },
  ];
}
