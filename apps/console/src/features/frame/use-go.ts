import { useRouter } from "next/navigation";
import { mayLeaveFor } from "./leave-guard.ts";

/** Goes to a page, unless the open one has something to ask first. */
export function useGo(): (path: string) => void {
  const router = useRouter();
  return (path) => {
    if (mayLeaveFor(path)) router.push(path);
  };
}
