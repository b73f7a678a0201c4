"use client";
import type { ModelVersionView } from "@slipway/contracts";
import { formatMemory } from "@slipway/contracts/format-memory";
import { Button } from "@slipway/ui/button";
import { TextField } from "@slipway/ui/field";
import { Icon } from "@slipway/ui/icon";
import { type DragEvent, type SyntheticEvent, useRef, useState } from "react";
import { problemOf } from "../../trpc/failure.ts";
import { FailureNotice } from "../deployment/failure-notice.tsx";
import { nameFromFile } from "./name-from-file.ts";
import { UploadProgress } from "./upload-progress.tsx";
import { useUpload } from "./use-upload.ts";

type Props = {
  group: string;
  /** The model that the file is a version of; else its name is proposed from the file and can be changed. */
  model?: string;
  onDone: (version: ModelVersionView) => void;
};

/**
 * Takes a model file by drag and drop or by a button, and uploads it as the next version of a registered model. What was
 * chosen stays when it fails.
 */
export function UploadDrop({ group, model, onDone }: Props) {
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState(model ?? "");
  const upload = useUpload(group, onDone);
  const nameProblem = problemOf(upload.failure, "model");

  function choose(chosen: File | null) {
    if (chosen === null) return;
    setFile(chosen);
    const proposed = model ?? nameFromFile(chosen.name);
    setName(proposed);
    // Nothing is left to ask.
    if (model !== undefined) void upload.start(chosen, model);
  }

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (file !== null && name !== "") void upload.start(file, name);
  }

  if (file !== null && upload.sentBytes !== null) {
    return <UploadProgress file={file} sentBytes={upload.sentBytes} cancel={upload.cancel} />;
  }
  return (
    <div>
      <DropZone choose={choose} isSmall={file !== null} />
      {file === null ? null : (
        <form noValidate onSubmit={submit} className="mt-4 grid gap-3">
          <p className="wrap-anywhere text-sm">
            <span className="font-medium">{file.name}</span>{" "}
            <span className="text-ink-soft tabular-nums">{formatMemory(file.size)}</span>
          </p>
          {model === undefined ? (
            <TextField
              label="Name of the model"
              hint="Small letters, digits and dashes. A name that is there gets a new version."
              error={nameProblem}
              value={name}
              maxLength={63}
              autoCapitalize="none"
              spellCheck={false}
              onChange={({ target }) => setName(target.value)}
            />
          ) : null}
          <div>
            <Button type="submit" look="primary" disabled={name === ""}>
              {upload.failure === null ? "Upload" : "Try again"}
            </Button>
          </div>
        </form>
      )}
      <FailureNotice failure={nameProblem === "" ? upload.failure : null} />
    </div>
  );
}

/** Where a file can be let go; the button in it does the same by keyboard. */
function DropZone({ choose, isSmall }: { choose: (file: File | null) => void; isSmall: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    choose(event.dataTransfer.files[0] ?? null);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a file can only be dropped by pointer; the button does the same
    <div
      data-dropzone
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={`grid justify-items-center gap-3 rounded-xl border-2 border-dashed px-4 text-center ${isSmall ? "py-4" : "py-8"} ${isOver ? "border-accent bg-hover" : "border-outline"}`}
    >
      {isSmall ? null : <Icon name="upload" className="size-7 text-ink-soft" />}
      <p>{isOver ? "Let go to take it" : isSmall ? "Drop another file here" : "Drop an .onnx file here"}</p>
      <input
        ref={input}
        type="file"
        accept=".onnx"
        hidden
        data-file
        onChange={({ target }) => {
          choose(target.files?.[0] ?? null);
          // The same file can be chosen again after it was mended.
          target.value = "";
        }}
      />
      <Button onClick={() => input.current?.click()}>{isSmall ? "Choose another file" : "Choose a file"}</Button>
    </div>
  );
}
