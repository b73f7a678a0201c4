import { Frame } from "../../features/frame/frame.tsx";
import { LinesSkeleton } from "../../features/frame/lines-skeleton.tsx";

export default function AccountLoading() {
  return (
    <Frame>
      <h1 className="mb-4 font-semibold text-2xl">Your account</h1>
      <LinesSkeleton what="your account" />
    </Frame>
  );
}
