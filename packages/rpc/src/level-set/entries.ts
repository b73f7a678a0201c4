import { toBinary } from "@bufbuild/protobuf";
import { type AssignedModel, AssignedModelSchema } from "../generated/slipway/control/v1/agent_pb.js";
import type { ModelKey, ReplicaKey } from "../generated/slipway/control/v1/common_pb.js";
import { type Route, RouteSchema } from "../generated/slipway/control/v1/router_pb.js";
import type { SetEntry } from "./replica.ts";

/** A model version as one text, `<uid>/<version>`: the key of an assignment's entry on both sides of the stream. */
export function modelKeyText(key: ModelKey | undefined): string {
  return `${key?.modelUid ?? ""}/${key?.version ?? ""}`;
}

/** A replica as one text, `<group>/<server>/<index>`. */
export function replicaKeyText(key: ReplicaKey | undefined): string {
  return `${key?.group ?? ""}/${key?.server ?? ""}/${key?.replica ?? 0}`;
}

/** An assignment's entry. Sender and receiver make it by this function, so that their digests can agree. */
export function assignmentEntry(model: AssignedModel): SetEntry<AssignedModel> {
  return { key: modelKeyText(model.key), bytes: toBinary(AssignedModelSchema, model), value: model };
}

/** A route table's entry. Sender and receiver make it by this function, so that their digests can agree. */
export function routeEntry(route: Route): SetEntry<Route> {
  return { key: route.key, bytes: toBinary(RouteSchema, route), value: route };
}
