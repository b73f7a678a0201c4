import type { Area } from "../area.ts";
import { grpcInfer } from "./grpc-infer.ts";
import { grpcMessages } from "./grpc-messages.ts";
import { jsonRequests } from "./json-requests.ts";
import { manifests } from "./manifests.ts";
import { onnxFiles } from "./onnx-files.ts";
import { operationsArea } from "./operations.ts";
import { rawHttp } from "./raw-http.ts";
import { restInfer } from "./rest-infer.ts";
import { uploads } from "./uploads.ts";

/** Every area, those that need no process of their own first. */
export const AREAS: readonly Area[] = [
  jsonRequests,
  grpcMessages,
  manifests,
  onnxFiles,
  restInfer,
  grpcInfer,
  rawHttp,
  operationsArea,
  uploads,
];
