import { useSearchParams } from "next/navigation";
import { ACTION_PARAMETER } from "../deployment/deployment-path.ts";

/** Which of a page's dialogs is open. It stands in the URL, so that the palette and links can open one; closed, it leaves it. */
export function useDialogAddress<Name extends string>(
  dialogs: readonly Name[],
): [open: Name | null, setOpen: (dialog: Name | null) => void] {
  const word = useSearchParams().get(ACTION_PARAMETER);
  const open = dialogs.find((dialog) => dialog === word) ?? null;
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
