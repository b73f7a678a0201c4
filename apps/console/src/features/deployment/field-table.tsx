import { fieldWords } from "./field-words.ts";

type FieldChange = { field: string; before?: unknown; after?: unknown };

type Props = { caption: string; fields: readonly FieldChange[]; before: string; after: string };

/** Field by field, what it was and what it is; on a narrow screen one below the other. */
export function FieldTable({ caption, fields, before, after }: Props) {
  return (
    <table className="w-full text-left text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead className="text-ink-soft">
        <tr className="border-line border-b">
          {["Field", before, after].map((title) => (
            <th key={title} scope="col" className="py-2 pr-3 font-medium">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {fields.map((change) => (
          <tr key={change.field} className="border-line border-b align-top last:border-b-0">
            <th scope="row" className="wrap-anywhere py-2 pr-3 font-mono font-normal text-xs leading-5">
              {change.field}
            </th>
            <td className="wrap-anywhere py-2 pr-3 font-mono text-bad text-xs leading-5">
              {fieldWords(change.before)}
            </td>
            <td className="wrap-anywhere py-2 font-mono text-good text-xs leading-5">{fieldWords(change.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
