import {
  modelAlias,
  modelInspection,
  modelName,
  modelVersionView,
  registeredModelView,
  sampleRequest,
} from "@slipway/contracts";
import {
  deleteAlias,
  deleteModel,
  deleteVersion,
  describeModel,
  getModel,
  getVersion,
  inspectUri,
  listModels,
  listVersions,
  MODELS_LIMIT,
  setAlias,
  setSample,
  VERSIONS_LIMIT,
} from "@slipway/domain";
import * as z from "zod";
import { procedure, router } from "../trpc.ts";
import { cursorInput, signedPage } from "./cursors.ts";
import { counter, groupInput, messageInput } from "./inputs.ts";

const modelInput = z.strictObject({ name: modelName.describe("Of the registered model"), group: groupInput });
const aliasInput = modelInput.extend({ alias: modelAlias });
const pageInput = z.strictObject({
  limit: z.coerce.number().int().min(1).max(Math.min(MODELS_LIMIT, VERSIONS_LIMIT)).default(50),
  after: cursorInput,
});
const deleted = z.object({ deleted: z.literal(true) });

function refOf({ name, group }: z.output<typeof modelInput>) {
  return { group, model: name };
}

/** The built-in model registry. Uploading a version stands beside it, for its body is no JSON: `receive-upload.ts`. */
export const registryRouter = router({
  list: procedure
    .meta({ openapi: { method: "GET", path: "/registry/models", summary: "Registered models, page by page" } })
    .input(
      pageInput.extend({
        group: z.union([groupInput, z.literal("*")]).describe("The tenant; * = all that you may see"),
        search: z.string().max(200).exactOptional().describe("Part of the name, of the description or of an alias"),
      }),
    )
    .output(z.object({ items: z.array(registeredModelView), next: z.string().nullable() }))
    .query(({ ctx, input: { after, ...input } }) =>
      signedPage(ctx, { list: "registry.list", after }, (place) => listModels(ctx, { ...input, ...place })),
    ),

  get: procedure
    .meta({ openapi: { method: "GET", path: "/registry/models/{name}", summary: "One registered model" } })
    .input(modelInput)
    .output(registeredModelView)
    .query(({ ctx, input }) => getModel(ctx, refOf(input))),

  versions: procedure
    .meta({
      openapi: { method: "GET", path: "/registry/models/{name}/versions", summary: "Its versions, latest first" },
    })
    .input(modelInput.extend(pageInput.shape))
    .output(z.object({ items: z.array(modelVersionView), next: z.string().nullable() }))
    .query(({ ctx, input: { limit, after, ...input } }) =>
      signedPage(ctx, { list: `registry.versions ${input.group}/${input.name}`, after }, (place) =>
        listVersions(ctx, { ...refOf(input), limit, ...place }),
      ),
    ),

  version: procedure
    .meta({ openapi: { method: "GET", path: "/registry/models/{name}/versions/{version}", summary: "One version" } })
    .input(modelInput.extend({ version: counter }))
    .output(modelVersionView)
    .query(({ ctx, input }) => getVersion(ctx, { ...refOf(input), version: input.version })),

  describe: procedure
    .meta({ openapi: { method: "POST", path: "/registry/models/{name}/description", summary: "Say what it is for" } })
    .input(modelInput.extend({ description: z.string().max(2_000) }))
    .output(registeredModelView)
    .mutation(({ ctx, input }) => describeModel(ctx, { ...refOf(input), description: input.description })),

  setAlias: procedure
    .meta({
      openapi: {
        method: "POST",
        path: "/registry/models/{name}/aliases/{alias}",
        summary: "Let an alias stand for a version; deployments that follow it move",
      },
    })
    .input(aliasInput.extend({ version: counter }))
    .output(modelVersionView)
    .mutation(({ ctx, input }) => setAlias(ctx, { ...refOf(input), alias: input.alias, version: input.version })),

  deleteAlias: procedure
    .meta({
      openapi: { method: "DELETE", path: "/registry/models/{name}/aliases/{alias}", summary: "Delete an alias" },
    })
    .input(aliasInput)
    .output(registeredModelView)
    .mutation(({ ctx, input }) => deleteAlias(ctx, { ...refOf(input), alias: input.alias })),

  setSample: procedure
    .meta({
      openapi: {
        method: "POST",
        path: "/registry/models/{name}/versions/{version}/sample",
        summary: "Give a request to try a version with; null takes it away",
      },
    })
    .input(modelInput.extend({ version: counter, sample: sampleRequest.nullable() }))
    .output(modelVersionView)
    .mutation(({ ctx, input }) => setSample(ctx, { ...refOf(input), version: input.version, sample: input.sample })),

  deleteVersion: procedure
    .meta({
      openapi: {
        method: "DELETE",
        path: "/registry/models/{name}/versions/{version}",
        summary: "Delete a version that nothing uses",
      },
    })
    .input(modelInput.extend(messageInput.shape).extend({ version: counter }))
    .output(deleted)
    .mutation(async ({ ctx, input: { message, ...input } }) => {
      const ref = { ...refOf(input), version: input.version };
      await deleteVersion(ctx, { ...ref, ...(message === undefined ? {} : { message }) });
      return { deleted: true as const };
    }),

  deleteModel: procedure
    .meta({
      openapi: { method: "DELETE", path: "/registry/models/{name}", summary: "Delete a model with all its versions" },
    })
    .input(modelInput.extend(messageInput.shape))
    .output(deleted)
    .mutation(async ({ ctx, input: { message, ...input } }) => {
      await deleteModel(ctx, { ...refOf(input), ...(message === undefined ? {} : { message }) });
      return { deleted: true as const };
    }),

  limits: procedure
    .meta({ openapi: { method: "GET", path: "/registry/limits", summary: "How large a model may be" } })
    .input(z.strictObject({}))
    .output(z.object({ modelMaxBytes: z.number().describe("The largest file that an upload takes") }))
    .query(({ ctx }) => ({ modelMaxBytes: ctx.modelMaxBytes })),

  inspectUri: procedure
    .meta({ openapi: { method: "GET", path: "/registry/inspect", summary: "Look at a model where a URI names it" } })
    .input(z.strictObject({ uri: z.string().min(1).max(2_048) }))
    .output(modelInspection)
    .query(({ ctx, input, signal }) =>
      inspectUri(ctx, {
        uri: input.uri,
        modelRoots: ctx.modelRoots,
        signal: AbortSignal.any([AbortSignal.timeout(INSPECT_MS), ...(signal === undefined ? [] : [signal])]),
      }),
    ),
});

/** How long a look at a file may take. */
const INSPECT_MS = 20_000;
