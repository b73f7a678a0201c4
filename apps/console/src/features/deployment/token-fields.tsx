import type { TokenMethod } from "@slipway/contracts";
import { CheckField, SelectField } from "@slipway/ui/field";

const EXPIRIES = [
  { value: "7", words: "in 7 days" },
  { value: "30", words: "in 30 days" },
  { value: "90", words: "in 90 days" },
  { value: "365", words: "in a year" },
  { value: "never", words: "never" },
] as const;
export type Expiry = (typeof EXPIRIES)[number]["value"];
export const DEFAULT_EXPIRY: Expiry = "90";

/** As the API takes it: days from now, null = never. */
export function daysOf(expiry: Expiry): number | null {
  return expiry === "never" ? null : Number(expiry);
}

type ExpiryProps = { label: string; value: Expiry; onChange: (value: Expiry) => void };

/** When a new token ends; never is a choice of one's own, with what it means. */
export function ExpiryField({ label, value, onChange }: ExpiryProps) {
  return (
    <SelectField
      label={label}
      value={value}
      onChange={({ target }) => onChange(EXPIRIES.find((one) => one.value === target.value)?.value ?? DEFAULT_EXPIRY)}
      hint={value === "never" ? "It opens the door until somebody revokes it." : ""}
    >
      {EXPIRIES.map((one) => (
        <option key={one.value} value={one.value}>
          {one.words}
        </option>
      ))}
    </SelectField>
  );
}

const METHODS: readonly { method: TokenMethod; label: string }[] = [
  { method: "infer", label: "Ask the model (infer)" },
  { method: "metadata", label: "Read what it takes and gives (metadata)" },
];

type ScopeProps = { methods: readonly TokenMethod[]; onChange: (methods: TokenMethod[]) => void };

/** What a token is good for; at least one thing. */
export function ScopeField({ methods, onChange }: ScopeProps) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">May be used to</legend>
      {METHODS.map(({ method, label }) => (
        <CheckField
          key={method}
          label={label}
          checked={methods.includes(method)}
          onChange={({ target }) =>
            onChange(METHODS.flatMap((one) => (isIn(one.method, method, target.checked, methods) ? [one.method] : [])))
          }
        />
      ))}
      {methods.length === 0 ? <p className="mt-1 text-bad text-sm">Choose at least one.</p> : null}
    </fieldset>
  );
}

function isIn(one: TokenMethod, changed: TokenMethod, isChecked: boolean, methods: readonly TokenMethod[]): boolean {
  return one === changed ? isChecked : methods.includes(one);
}
