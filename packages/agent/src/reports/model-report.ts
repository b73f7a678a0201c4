import { create } from "@bufbuild/protobuf";
import { type ModelReport, ModelReportSchema, ModelState } from "@slipway/rpc/control/agent";
import type { HeldModel } from "../converge/held-model.ts";
import type { HeldState } from "../converge/plan-convergence.ts";

/** What the scheduler is told of a model version. */
export function modelReport({ assigned, state, failure, details }: Readonly<HeldModel>): ModelReport {
  return create(ModelReportSchema, {
    ...(assigned.key === undefined ? {} : { key: assigned.key }),
    state: wireState(state),
    errorCode: failure?.code ?? "",
    errorDataJson: failure?.dataJson ?? "",
    sha256: details.sha256,
    signatureJson: details.signatureJson,
    fetchMs: BigInt(details.fetchMs),
    loadMs: BigInt(details.loadMs),
    measuredBytes: BigInt(Math.max(0, details.measuredBytes)),
  });
}

function wireState(state: HeldState): ModelState {
  switch (state) {
    case "waiting":
    case "fetching":
      return ModelState.FETCHING;
    case "fetched":
    case "loading":
      return ModelState.LOADING;
    case "ready":
      return ModelState.READY;
    case "unloading":
      return ModelState.UNLOADING;
    case "failed":
      return ModelState.FAILED;
    default:
      return state satisfies never;
  }
}
