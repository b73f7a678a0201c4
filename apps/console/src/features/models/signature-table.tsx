import type { ModelSignature, TensorSignature } from "@slipway/contracts";
import { shapeWords } from "@slipway/contracts/model-words";

/** What a model takes and gives, tensor by tensor. */
export function SignatureTable({ signature: { inputs, outputs } }: { signature: ModelSignature }) {
  return (
    <div className="max-w-3xl rounded-xl border border-line bg-surface">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">Inputs and outputs</caption>
        <thead className="text-ink-soft">
          <tr className="border-line border-b">
            {["", "Name", "Datatype", "Shape"].map((title) => (
              <th key={title} scope="col" className="px-3 py-2 font-medium">
                {title === "" ? <span className="sr-only">Direction</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {inputs.map((tensor) => (
            <Line key={`in/${tensor.name}`} way="takes" tensor={tensor} />
          ))}
          {outputs.map((tensor) => (
            <Line key={`out/${tensor.name}`} way="gives" tensor={tensor} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ way, tensor: { name, datatype, shape } }: { way: string; tensor: TensorSignature }) {
  return (
    <tr className="border-line border-b last:border-b-0">
      <td className="px-3 py-2 text-ink-soft">{way}</td>
      <th scope="row" className="wrap-anywhere px-3 py-2 font-medium">
        {name}
      </th>
      <td className="px-3 py-2 font-mono text-xs">{datatype}</td>
      <td className="wrap-anywhere px-3 py-2 font-mono text-xs">{shapeWords(shape)}</td>
    </tr>
  );
}
