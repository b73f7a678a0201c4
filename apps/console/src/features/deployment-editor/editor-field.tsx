import { SelectField, TextAreaField, TextField } from "@slipway/ui/field";
import type { ComponentProps } from "react";
import { useState } from "react";
import { useEditorForm } from "./editor-context.ts";
import {
  controlId,
  type FieldName,
  fieldText,
  LABELS,
  PATHS,
  typedLabels,
  typedNumber,
  typedText,
} from "./form-fields.ts";
import { wordsAt } from "./problem-list.ts";

type Props = { name: FieldName; hint?: string; label?: string } & Pick<
  ComponentProps<"input">,
  "inputMode" | "placeholder" | "disabled" | "maxLength" | "spellCheck" | "autoCapitalize"
> & {
    /** Hears what was typed, besides the manifest. */
    onTyped?: (text: string) => void;
  };

/** A field of the manifest. While one types it holds the text as typed; the manifest gets what the text means. */
export function EditorField({ name, hint, label, onTyped, ...rest }: Props) {
  const field = useField(name, hint);
  return (
    <div id={controlId(name)}>
      <TextField
        label={label ?? LABELS[name]}
        value={field.text}
        hint={field.hint}
        error={field.error}
        onChange={({ target }) => {
          field.type(target.value);
          onTyped?.(target.value);
        }}
        onBlur={field.leave}
        {...rest}
      />
    </div>
  );
}

/** The same with several lines. */
export function EditorTextArea({ name, hint, rows }: { name: FieldName; hint?: string; rows: number }) {
  const field = useField(name, hint);
  return (
    <div id={controlId(name)}>
      <TextAreaField
        label={LABELS[name]}
        rows={rows}
        value={field.text}
        hint={field.hint}
        error={field.error}
        onChange={({ target }) => field.type(target.value)}
        onBlur={field.leave}
      />
    </div>
  );
}

/** One of a few values. */
export function EditorSelect({ name, hint, choices }: { name: FieldName; hint?: string; choices: readonly string[] }) {
  const field = useField(name, hint);
  // What the text says may be none of them; it stays until the person chooses.
  const all = choices.includes(field.text) || field.text === "" ? choices : [...choices, field.text];
  return (
    <div id={controlId(name)}>
      <SelectField
        label={LABELS[name]}
        value={field.text}
        hint={field.hint}
        error={field.error}
        onChange={({ target }) => field.type(target.value)}
        onBlur={field.leave}
      >
        {all.map((choice) => (
          <option key={choice} value={choice}>
            {`${choice.slice(0, 1).toUpperCase()}${choice.slice(1)}`}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

function useField(name: FieldName, hint: string | undefined) {
  const { editor, hints, problems, areAllShown } = useEditorForm();
  const [typing, setTyping] = useState<string | null>(null);
  const said = hints[PATHS[name].join(".")];
  const text = typing ?? fieldText(editor.value, name, said?.fallback ?? "");
  // A name that was proposed is as good as typed.
  const isShown = areAllShown || editor.touched.has(name) || !editor.isNew || (name === "name" && text !== "");
  return {
    text,
    hint: hint ?? said?.help ?? "",
    error: isShown ? wordsAt(problems, name) : "",
    type(text: string) {
      setTyping(text);
      editor.put(name, meaningOf(name, text));
      editor.touch(name);
    },
    leave: () => setTyping(null),
  };
}

function meaningOf(name: FieldName, text: string): unknown {
  switch (name) {
    case "replicas":
    case "inFlight":
      return typedNumber(text);
    case "labels":
      return typedLabels(text);
    case "name":
      return text;
    default:
      return typedText(text);
  }
}
