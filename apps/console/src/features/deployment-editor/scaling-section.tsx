import { EditorField } from "./editor-field.tsx";
import { EditorSection } from "./editor-section.tsx";

/** How much of it there is. */
export function ScalingSection() {
  return (
    <EditorSection id="scaling">
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <EditorField name="replicas" inputMode="numeric" />
        <EditorField name="memory" placeholder="128Mi" spellCheck={false} autoCapitalize="none" />
      </div>
    </EditorSection>
  );
}

/** What one request may take. */
export function LimitsSection() {
  return (
    <EditorSection id="limits">
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <EditorField name="timeout" spellCheck={false} />
        <EditorField name="bodySize" spellCheck={false} />
        <EditorField name="inFlight" inputMode="numeric" />
        <EditorField name="startTimeout" spellCheck={false} />
      </div>
    </EditorSection>
  );
}
