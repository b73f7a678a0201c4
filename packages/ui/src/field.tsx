import { type ComponentProps, type ReactNode, useId } from "react";
import { Icon } from "./icon.tsx";

const CONTROL =
  "min-h-9 w-full rounded-md border border-outline bg-surface px-2.5 py-1.5 text-ink text-sm aria-invalid:border-bad disabled:cursor-not-allowed disabled:bg-quiet-soft disabled:text-ink-soft";

type Labelled = { label: string; hint?: string; error?: string };

/** A text or number with its name, a hint, and what is wrong with it in words. */
export function TextField({
  label,
  hint = "",
  error = "",
  className = "",
  ...rest
}: ComponentProps<"input"> & Labelled) {
  const { id, described, invalid } = useDescription(hint, error);
  return (
    <Framed id={id} label={label} hint={hint} error={error}>
      <input id={id} autoComplete="off" {...rest} {...described} {...invalid} className={`${CONTROL} ${className}`} />
    </Framed>
  );
}

/** A text of several lines with its name, a hint, and what is wrong with it in words. */
export function TextAreaField({
  label,
  hint = "",
  error = "",
  className = "",
  ...rest
}: ComponentProps<"textarea"> & Labelled) {
  const { id, described, invalid } = useDescription(hint, error);
  return (
    <Framed id={id} label={label} hint={hint} error={error}>
      <textarea
        id={id}
        autoComplete="off"
        {...rest}
        {...described}
        {...invalid}
        className={`${CONTROL} ${className}`}
      />
    </Framed>
  );
}

/** One of a few, with its name. */
export function SelectField({ label, hint = "", error = "", children, ...rest }: ComponentProps<"select"> & Labelled) {
  const { id, described, invalid } = useDescription(hint, error);
  return (
    <Framed id={id} label={label} hint={hint} error={error}>
      <select id={id} {...rest} {...described} {...invalid} className={`cursor-pointer ${CONTROL}`}>
        {children}
      </select>
    </Framed>
  );
}

/** A choice of its own that is on or off; label and box are one target. */
export function CheckField({ label, ...rest }: ComponentProps<"input"> & { label: string }) {
  return (
    <label className="flex min-h-8 cursor-pointer items-center gap-2 text-sm">
      <input type="checkbox" {...rest} className="size-4 shrink-0 accent-accent" />
      {label}
    </label>
  );
}

function useDescription(hint: string, error: string) {
  const id = useId();
  const ids = [hint === "" ? [] : `${id}-hint`, error === "" ? [] : `${id}-error`].flat();
  return {
    id,
    described: ids.length === 0 ? {} : { "aria-describedby": ids.join(" ") },
    invalid: error === "" ? {} : { "aria-invalid": true },
  };
}

function Framed({ id, label, hint, error, children }: Required<Labelled> & { id: string; children: ReactNode }) {
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium text-sm">
        {label}
      </label>
      {children}
      {hint === "" ? null : (
        <p id={`${id}-hint`} className="mt-1 text-ink-soft text-sm">
          {hint}
        </p>
      )}
      {error === "" ? null : (
        <p id={`${id}-error`} className="mt-1 flex gap-1.5 text-bad text-sm">
          <Icon name="warning" className="mt-0.5" />
          {error}
        </p>
      )}
    </div>
  );
}
