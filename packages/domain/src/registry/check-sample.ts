import { type ModelSignature, type Problem, SlipwayError } from "@slipway/contracts";
import {
  type InferRequest,
  parseInferRequest,
  signature as servedSignature,
  validateRequest,
} from "@slipway/inference";

/**
 * Checks that a model takes a sample, by the rules that its own requests are checked with.
 * @throws the error that a caller who sent it would get, with the place of what is wrong as `sample.inputs.0.shape`
 */
export function checkSample(sample: object, stated: ModelSignature): void {
  const request = atItsField(
    () => parseInferRequest(Buffer.from(JSON.stringify(sample))),
    (field) => field,
  );
  const known = servedSignature.safeParse(stated);
  // A signature of datatypes that are not served says nothing of requests.
  if (!known.success) return;
  atItsField(
    () => validateRequest(request, known.data),
    (field) => placeOf(request, field),
  );
}

function atItsField<Result>(work: () => Result, place: (field: string) => string): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const { code, data, message } = error;
    const inside = place(error.field ?? "");
    const field = inside === "" ? "sample" : `sample.${inside}`;
    const problems: Problem[] = [{ field, message }];
    throw new SlipwayError(code, data, { cause: error, field, problems });
  }
}

/** A field that names an input by its name, with the input's place in the list instead; of one that is missing, the list. */
function placeOf({ inputs }: InferRequest, field: string): string {
  if (!field.startsWith("inputs.")) return field;
  const rest = field.slice("inputs.".length);
  const index = inputs.findIndex(({ name }) => rest === name || rest.startsWith(`${name}.`));
  const name = inputs[index]?.name;
  return name === undefined ? "inputs" : `inputs.${index}${rest.slice(name.length)}`;
}
