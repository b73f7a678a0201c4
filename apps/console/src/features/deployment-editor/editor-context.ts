import { createContext, useContext } from "react";
import type { FormProblem } from "./problem-list.ts";
import type { Hints } from "./schema-hints.ts";
import type { Editor } from "./use-editor.ts";

/** What every field of the form needs. */
export type EditorForm = {
  editor: Editor;
  hints: Hints;
  problems: readonly FormProblem[];
  /** Problems of fields that nobody has touched yet are said only after a try to submit. */
  areAllShown: boolean;
  /** Why nothing can be changed; empty when it can. */
  lockedWhy: string;
};

const formContext = createContext<EditorForm | null>(null);
export const EditorFormProvider = formContext.Provider;

/** The form that a field stands in. */
export function useEditorForm(): EditorForm {
  const form = useContext(formContext);
  if (form === null) throw new Error("there is no form around this field");
  return form;
}
