import { DEFAULT_MODEL_MEMORY, proposedMemory } from "@slipway/contracts/propose-memory";
import { Button } from "@slipway/ui/button";
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

type Props = {
  uri: string /** As the form says it; empty when it does not. */;
  memory: string;
  onMemory: (memory: string) => void;
};

/** Whether a model can be reached and read at an address, asked when typing stops; with what it takes and gives. */
export function AddressCheck({ uri, memory, onMemory }: Props) {
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
      <MemoryProposal sizeBytes={found?.sizeBytes ?? null} memory={memory} onMemory={onMemory} />
    </div>
  );
}

/** Offers the memory that the size asks for, where the form leaves it at the default. */
function MemoryProposal({ sizeBytes, memory, onMemory }: Omit<Props, "uri"> & { sizeBytes: number | null }) {
  const proposed = proposedMemory(sizeBytes ?? 0);
  if (memory !== "" || proposed === DEFAULT_MODEL_MEMORY) return null;
  return (
    <p className="mt-1 flex flex-wrap items-center gap-2">
      It takes more than the default of {DEFAULT_MODEL_MEMORY}.
      <Button onClick={() => onMemory(proposed)}>Give it {proposed}, twice its size</Button>
    </p>
  );
}

function sizeWords(bytes: number | null): string {
  if (bytes === null) return "";
  return bytes < MEBIBYTE ? `: ${Math.ceil(bytes / 1024)} KiB` : `: ${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}
