import { useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { ACTION_PARAMETER } from "../deployment/deployment-path.ts";
import {
  type FitQuestion,
  orderOf,
  questionOf,
  SERVER_PARAMETER,
  type ServerOrder,
  writeOrder,
  writeQuestion,
} from "./servers-address.ts";

/** What of the servers page stands in its address, and how it gets there. */
export function useServersAddress() {
  const parameters = useSearchParams();
  return {
    order: orderOf(parameters),
    sortBy: (order: ServerOrder) => replace((written) => writeOrder(written, order)),
    /** What was asked when the page was opened or last asked; null for nothing. */
    question: questionOf(parameters),
    keepQuestion: (question: FitQuestion) => replace((written) => writeQuestion(written, question)),
    /** As `group/name`; empty for none. */
    pointedAt: parameters.get(SERVER_PARAMETER) ?? "",
    isToScale: parameters.get(ACTION_PARAMETER) === "scale",
  };
}

function replace(write: (parameters: URLSearchParams) => void): void {
  const url = new URL(window.location.href);
  write(url.searchParams);
  window.history.replaceState(null, "", url);
}

/** Brings the row that the address points at into view, with the focus in its field when it is to be scaled. */
export function usePointedRow(pointedAt: string, isToScale: boolean): void {
  useEffect(() => {
    const row = pointedAt === "" ? null : document.querySelector(`tr[data-name="${CSS.escape(pointedAt)}"]`);
    row?.scrollIntoView({ block: "center" });
    const field = isToScale ? row?.querySelector("input[type=number]") : null;
    if (field instanceof HTMLInputElement) {
      field.focus();
      field.select();
    }
  }, [pointedAt, isToScale]);
}
