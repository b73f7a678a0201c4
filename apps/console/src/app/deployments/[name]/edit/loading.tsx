import { EditorSkeleton } from "../../../../features/deployment-editor/editor-skeleton.tsx";

export default function EditLoading() {
  return <EditorSkeleton title="Edit the deployment" />;
}
