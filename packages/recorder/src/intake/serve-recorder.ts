import { create } from "@bufbuild/protobuf";
import type { handleUnaryCall, ServiceDefinition } from "@grpc/grpc-js";
import { SlipwayError } from "@slipway/contracts";
import { isInternalCall, serviceDefinition, toServiceError } from "@slipway/rpc";
import {
  type RecordAnswer,
  RecordAnswerSchema,
  type RecordBatch,
  Recorder as RecorderProtocol,
} from "@slipway/rpc/control/recorder";
import type { Logger } from "@slipway/service-kit";
import type { Recorder } from "../recorder.ts";

/** A service as a gRPC server takes it. */
export type RecorderService = {
  definition: ServiceDefinition;
  implementation: { record: handleUnaryCall<RecordBatch, RecordAnswer> };
};

/** The recorder's end of the protocol, for the control port of a scheduler process; only gateways of the platform may talk. */
export function recorderService(
  recorder: Pick<Recorder, "take">,
  { secret, logger }: { secret: string; logger: Logger },
): RecorderService {
  const record: handleUnaryCall<RecordBatch, RecordAnswer> = (call, answer) => {
    const take = async () => {
      if (!isInternalCall(call.metadata, secret)) throw new SlipwayError("auth/unknown", {});
      return recorder.take(call.request);
    };
    take().then(
      (wasNew) => answer(null, create(RecordAnswerSchema, { wasKnown: !wasNew })),
      (error: unknown) => {
        if (!(error instanceof SlipwayError)) logger.warn({ err: error }, "a batch could not be stored");
        answer(toServiceError(error, ""));
      },
    );
  };
  return { definition: serviceDefinition(RecorderProtocol), implementation: { record } };
}
