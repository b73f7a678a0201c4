import { Frame } from "../../features/frame/frame.tsx";
import { LinesSkeleton } from "../../features/frame/lines-skeleton.tsx";

export default function ModelsLoading() {
  return (
    <Frame>
      <h1 className="mb-4 font-semibold text-2xl">Models</h1>
      <LinesSkeleton what="the models" />
    </Frame>
  );
}
