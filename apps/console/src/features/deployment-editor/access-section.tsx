import { Button } from "@slipway/ui/button";
import { Dialog, DialogActions } from "@slipway/ui/dialog";
import { Icon, type IconName } from "@slipway/ui/icon";
import { useState } from "react";
import { useEditorForm } from "./editor-context.ts";
import { EditorSection } from "./editor-section.tsx";
import { controlId, fieldText, LABELS } from "./form-fields.ts";
import { wordsAt } from "./problem-list.ts";

type Visibility = "private" | "public";
const CHOICES: readonly { value: Visibility; icon: IconName; word: string; help: string }[] = [
  { value: "private", icon: "lock", word: "Private", help: "Every caller needs a token." },
  { value: "public", icon: "globe", word: "Public", help: "Anybody who reaches the gateway may call it." },
];

/** Who may call the deployment. To open it to all is confirmed by its name. */
export function AccessSection() {
  const { editor, problems } = useEditorForm();
  const [isAsked, setAsked] = useState(false);
  const current = fieldText(editor.value, "visibility", "private");
  const name = fieldText(editor.value, "name", "");
  const error = wordsAt(problems, "visibility");
  const choose = (value: Visibility) => {
    if (value === "public" && current !== "public") return setAsked(true);
    editor.put("visibility", value);
  };
  return (
    <EditorSection id="access">
      <fieldset id={controlId("visibility")}>
        <legend className="mb-2 font-medium text-sm">{LABELS.visibility}</legend>
        <div className="grid gap-2 sm:grid-cols-2">
          {CHOICES.map(({ value, icon, word, help }) => (
            <label
              key={value}
              className="flex cursor-pointer items-start gap-3 rounded-lg border border-line p-3 has-checked:border-accent has-checked:bg-hover"
            >
              <input
                type="radio"
                name="visibility"
                value={value}
                checked={current === value}
                onChange={() => choose(value)}
                className="mt-0.5 size-5 accent-accent"
              />
              <span>
                <span className="flex items-center gap-1.5 font-medium text-sm">
                  <Icon name={icon} />
                  {word}
                </span>
                <span className="block text-ink-soft text-sm">{help}</span>
              </span>
            </label>
          ))}
        </div>
        {error === "" ? null : <p className="mt-1 text-bad text-sm">{error}</p>}
      </fieldset>
      {isAsked ? (
        <Dialog title={`Open ${name === "" ? "this deployment" : name} to everybody?`} onClose={() => setAsked(false)}>
          <p>
            Anybody who reaches the gateway may then call{" "}
            <strong className="wrap-anywhere">{name === "" ? "this deployment" : name}</strong> without a token, as
            often as its limits let them. Nothing happens before you {editor.isNew ? "deploy" : "apply the change"}.
          </p>
          <DialogActions onClose={() => setAsked(false)}>
            <Button
              look="primary"
              onClick={() => {
                editor.put("visibility", "public");
                setAsked(false);
              }}
            >
              Make {name === "" ? "it" : name} public
            </Button>
          </DialogActions>
        </Dialog>
      ) : null}
    </EditorSection>
  );
}
