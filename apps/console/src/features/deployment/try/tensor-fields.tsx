import { Button } from "@slipway/ui/button";
import { TextField } from "@slipway/ui/field";
import { Icon } from "@slipway/ui/icon";
import { useId } from "react";
import {
  addRow,
  type FormProblem,
  type FormTensor,
  GRID_ROWS,
  gridOf,
  removeRow,
  setCell,
  shapeText,
} from "./tensor-form.ts";

type TensorProps = { tensor: FormTensor; problems: readonly FormProblem[]; onChange: (tensor: FormTensor) => void };
/** So many problems of one tensor are told; the rest follows when these are mended. */
const TOLD_PROBLEMS = 5;
const CONTROL = "rounded-md border border-outline bg-surface px-2 py-1.5 text-ink text-sm aria-invalid:border-bad";

/** One part for each input of the signature. */
export function TensorFields({
  tensors,
  problems,
  onChange,
}: {
  tensors: readonly FormTensor[];
  problems: readonly FormProblem[];
  onChange: (tensor: FormTensor) => void;
}) {
  if (tensors.length === 0) return <p className="text-ink-soft text-sm">The model takes no inputs.</p>;
  return tensors.map((tensor) => (
    <TensorFieldset
      key={tensor.name}
      tensor={tensor}
      problems={problems.filter((problem) => problem.tensor === tensor.name)}
      onChange={onChange}
    />
  ));
}

function TensorFieldset({ tensor, problems, onChange }: TensorProps) {
  const id = useId();
  const { name, datatype, shape, layout } = tensor;
  return (
    <fieldset className="min-w-0" aria-describedby={`${id}-problems`}>
      <legend className="mb-2 flex flex-wrap items-baseline gap-x-2">
        <span className="wrap-anywhere font-medium font-mono text-sm">{name}</span>
        <span className="text-ink-soft text-xs">
          {datatype} {shapeText(shape)}
        </span>
      </legend>
      {layout === "grid" ? (
        <Grid tensor={tensor} problems={problems} onChange={onChange} />
      ) : (
        <Text tensor={tensor} problems={problems} onChange={onChange} />
      )}
      <ul id={`${id}-problems`} className="mt-2 grid gap-1 text-bad text-sm empty:hidden">
        {problems.slice(0, TOLD_PROBLEMS).map(({ words }) => (
          <li key={words} className="flex gap-1.5">
            <Icon name="warning" className="mt-0.5" />
            <span className="wrap-anywhere">{words}</span>
          </li>
        ))}
        {problems.length > TOLD_PROBLEMS ? <li>And {problems.length - TOLD_PROBLEMS} more.</li> : null}
      </ul>
    </fieldset>
  );
}

function Grid({ tensor, problems, onChange }: TensorProps) {
  const { name, datatype, rows, shape } = tensor;
  const isFree = gridOf(shape)?.rows === null;
  const isText = datatype === "BYTES";
  const isMany = rows.length > 1;
  return (
    <>
      <div className="grid gap-2">
        {rows.map((cells, row) => (
          // Rows have no identity but their place.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <div key={row} className="flex items-start gap-2">
            <div
              className={
                isText
                  ? "grid min-w-0 flex-1 gap-2"
                  : "grid min-w-0 flex-1 grid-cols-[repeat(auto-fit,minmax(3.5rem,1fr))] gap-2"
              }
            >
              {cells.map((typed, column) => {
                const isWrong = problems.some((problem) => problem.row === row && problem.column === column);
                return (
                  <input
                    // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                    key={column}
                    value={typed}
                    onChange={({ target }) => onChange(setCell(tensor, row, column, target.value))}
                    aria-label={labelOf(name, row, column, isMany, cells.length)}
                    {...(isWrong ? { "aria-invalid": true } : {})}
                    inputMode={isText || datatype === "BOOL" ? "text" : "decimal"}
                    autoComplete="off"
                    spellCheck={isText}
                    className={`min-h-9 w-full ${isText ? "" : "font-mono tabular-nums"} ${CONTROL}`}
                  />
                );
              })}
            </div>
            {isFree && isMany ? (
              <Button
                look="quiet"
                aria-label={`Remove row ${row + 1} of ${name}`}
                onClick={() => onChange(removeRow(tensor, row))}
                className="min-h-9"
              >
                <Icon name="cross" />
              </Button>
            ) : null}
          </div>
        ))}
      </div>
      {isFree ? (
        <Button
          className="mt-2"
          disabled={rows.length >= GRID_ROWS}
          aria-label={`Add row to ${name}`}
          onClick={() => onChange(addRow(tensor))}
        >
          Add row
        </Button>
      ) : null}
      {isFree && rows.length >= GRID_ROWS ? (
        <p className="mt-1 text-ink-soft text-sm">More than {GRID_ROWS} rows are easier written as JSON.</p>
      ) : null}
    </>
  );
}

function labelOf(name: string, row: number, column: number, isMany: boolean, columns: number): string {
  if (columns === 1) return isMany ? `${name}, row ${row + 1}` : name;
  return isMany ? `${name}, row ${row + 1}, column ${column + 1}` : `${name}, column ${column + 1}`;
}

function Text({ tensor, problems, onChange }: TensorProps) {
  const { name, datatype, text, sizes } = tensor;
  const grid = gridOf(tensor.shape);
  const hint =
    datatype === "BYTES"
      ? "One text on each line."
      : grid === null
        ? "Values in order, with commas, spaces or new lines between them."
        : `Rows of ${grid.columns} values, with commas or spaces between them.`;
  return (
    <div className="grid gap-3">
      {grid === null ? (
        <TextField
          label="Shape"
          aria-label={`Shape of ${name}`}
          value={sizes}
          onChange={({ target }) => onChange({ ...tensor, sizes: target.value })}
          hint={`As ${shapeText(tensor.shape)}, with a number for each “any”.`}
        />
      ) : null}
      <textarea
        value={text}
        onChange={({ target }) => onChange({ ...tensor, text: target.value })}
        aria-label={`Values of ${name}`}
        {...(problems.length > 0 ? { "aria-invalid": true } : {})}
        rows={8}
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        className={`w-full resize-y font-mono text-xs leading-5 ${CONTROL}`}
      />
      <p className="-mt-2 text-ink-soft text-sm">{hint}</p>
    </div>
  );
}
