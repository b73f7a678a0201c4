import { EditorSkeleton } from "../../../../features/deployment-editor/editor-skeleton.tsx";

export default function NewLoading() {
  return <EditorSkeleton title="New deployment" />;
}
