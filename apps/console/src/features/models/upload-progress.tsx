import { formatMemory } from "@slipway/contracts/format-memory";
import { Button } from "@slipway/ui/button";

/** How far an upload is, and the way out of it. Said once when it begins; the number does not chatter. */
export function UploadProgress({ file, sentBytes, cancel }: { file: File; sentBytes: number; cancel: () => void }) {
  const isSent = sentBytes >= file.size;
  const percent = file.size === 0 ? 0 : Math.min(100, Math.floor((sentBytes / file.size) * 100));
  return (
    <div className="grid gap-3 rounded-xl border border-line bg-surface p-4">
      <p role="status" className="wrap-anywhere text-sm">
        {isSent ? "Checking" : "Uploading"} <span className="font-medium">{file.name}</span>
      </p>
      <progress
        aria-label={`Upload of ${file.name}`}
        max={100}
        value={percent}
        className="h-2 w-full appearance-none overflow-hidden rounded-full bg-quiet-soft [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-quiet-soft [&::-webkit-progress-value]:bg-accent"
      />
      <div className="flex flex-wrap items-center justify-between gap-3 text-ink-soft text-sm tabular-nums">
        <span>
          {percent} % of {formatMemory(file.size)}
        </span>
        <Button onClick={cancel}>Cancel</Button>
      </div>
    </div>
  );
}
