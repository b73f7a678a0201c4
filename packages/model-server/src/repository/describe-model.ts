import type { LoadedModelView, ModelMetadata, Signature, TensorSpec } from "@slipway/inference";
import type { HeldModel } from "./held-model.ts";

/** The protocol's name for what we serve. */
export const PLATFORM = "onnx_onnxv1";

/**
 * The protocol's metadata of a model, under the name that callers know it by. A router's caller cannot ask for a
 * version, so `versions` is left out for it.
 */
export function describeMetadata(model: HeldModel, name: string, versions: readonly string[] | null): ModelMetadata {
  return {
    name,
    ...(versions === null ? {} : { versions: [...versions] }),
    platform: PLATFORM,
    ...describeSignature(model),
  };
}

/** What a model takes and gives, as the protocol writes it. */
export function describeSignature(model: HeldModel): Signature {
  return {
    inputs: model.signature.inputs.map(withoutInternals),
    outputs: model.signature.outputs.map(withoutInternals),
  };
}

/** What a load answers. */
export function describeModel(model: HeldModel, versions: readonly string[], loadMs: number): LoadedModelView {
  const { examination } = model;
  return {
    ...describeMetadata(model, model.name, versions),
    version: model.version,
    sample: examination.sample,
    place: model.place,
    run_ms: examination.runMs,
    load_ms: loadMs,
    declared_bytes: model.declaredBytes,
    measured_bytes: examination.measuredBytes,
    batching: examination.batching,
  };
}

function withoutInternals({ name, datatype, shape }: TensorSpec): TensorSpec {
  return { name, datatype, shape };
}
