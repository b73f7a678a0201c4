import { Icon } from "@slipway/ui/icon";
import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../trpc/client.ts";
import { failureOf } from "../../trpc/failure.ts";
import { useAskAgain } from "../../trpc/use-live.ts";
import { SignatureWords } from "./known-model-list.tsx";
import { useSettled } from "./use-settled.ts";

const TYPING_STOPS_MS = 600;
const INSPECTED_KEY = "inspected";
const MEBIBYTE = 2 ** 20;

/** Whether a model can be reached and read at an address, asked when typing stops; with what it takes and gives. */
export function AddressCheck({ uri }: { uri: string }) {
  const settled = useSettled(uri, TYPING_STOPS_MS);
  const isUri = /^[a-z][a-z0-9+.-]*:./.test(settled);
  useAskAgain(INSPECTED_KEY);
  const { data, error, isFetching } = useQuery({
    queryKey: [INSPECTED_KEY, settled],
    queryFn: ({ signal }) => trpc.registry.inspectUri.query({ uri: settled }, { signal }),
    enabled: isUri,
    staleTime: 15_000,
    retry: false,
  });
  const found = settled === uri && !isFetching ? data : undefined;
  return (
    <div className="text-sm">
      <p role="status" aria-live="polite" className="min-h-5">
        {isUri && found === undefined && isFetching ? (
          <span className="text-ink-soft">Looking whether it can be read…</span>
        ) : null}
        {settled === uri && !isFetching && error !== null ? (
          <span className="text-ink-soft">It could not be looked at: {failureOf(error).words}</span>
        ) : null}
        {found === undefined ? null : found.problem !== null ? (
          <span className="inline-flex items-start gap-1 text-warn">
            <Icon name="warning" className="mt-0.5" /> {found.problem}
          </span>
        ) : found.isReachable ? (
          <span className="inline-flex items-center gap-1 text-good">
            <Icon name="check" /> It can be read{sizeWords(found.sizeBytes)}.
          </span>
        ) : null}
      </p>
      {found !== undefined && found.problem === null && found.signature !== null ? (
        <SignatureWords signature={found.signature} />
      ) : null}
    </div>
  );
}

function sizeWords(bytes: number | null): string {
  if (bytes === null) return "";
  return bytes < MEBIBYTE ? `: ${Math.ceil(bytes / 1024)} KiB` : `: ${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}
